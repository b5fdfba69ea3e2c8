//! What a file that is no archive seems to be, in the words of Go's `http.DetectContentType`.
//!
//! Helm 4.3.1 names that type when it refuses a file. The rules are those of the WHATWG MIME Sniffing
//! standard, without the audio, video and font formats that nobody takes for a chart.

/// As much of a file as Helm looks at; it fills up a shorter one with zeros, so that a short text is
/// reported as binary.
const SNIFFED: usize = 512;

const BINARY: &str = "application/octet-stream";
const TEXT: &str = "text/plain; charset=utf-8";

/// Types told by their first bytes.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xfe\xff", "text/plain; charset=utf-16be"),
    (b"\xff\xfe", "text/plain; charset=utf-16le"),
    (b"\xef\xbb\xbf", TEXT),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\x1f\x8b\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07\x00", "application/x-rar-compressed"),
    (b"Rar!\x1a\x07\x01\x00", "application/x-rar-compressed"),
    (b"\x00asm", "application/wasm"),
];

/// Tags that open an HTML document when a space or `>` follows.
const HTML_TAGS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<!--",
];

/// Names the type of a file from its first bytes.
pub(super) fn detect_content_type(start: &[u8]) -> &'static str {
    let is_short = start.len() < SNIFFED;
    let start = &start[..start.len().min(SNIFFED)];
    let blank = start
        .iter()
        .position(|byte| !b"\t\n\x0c\r ".contains(byte))
        .unwrap_or(start.len());
    let text = &start[blank..];

    if is_html(text) {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    let signature = SIGNATURES.iter().find(|(magic, _)| start.starts_with(magic));
    if let Some((_, content_type)) = signature {
        return content_type;
    }
    if is_short || text.iter().any(|&byte| is_binary(byte)) {
        return BINARY;
    }
    TEXT
}

fn is_html(text: &[u8]) -> bool {
    HTML_TAGS.iter().any(|tag| {
        text.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
            && matches!(text.get(tag.len()), Some(b' ' | b'>'))
    })
}

/// Control characters that no text holds.
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

#[cfg(test)]
mod tests {
    use super::detect_content_type;

    #[track_caller]
    fn check(start: impl AsRef<[u8]>, expected: &str) {
        assert_eq!(detect_content_type(start.as_ref()), expected);
    }

    #[test]
    fn names_what_go_names() {
        check("", "application/octet-stream");
        check("not a chart\n", "application/octet-stream");
        check("not a chart\n".repeat(50), "text/plain; charset=utf-8");
        check([1; 600], "application/octet-stream");
        check("PK\x03\x04", "application/zip");
        check("%PDF-1.7", "application/pdf");
        check("\n <!DOCTYPE html>", "text/html; charset=utf-8");
        check("<apple>", "application/octet-stream");
        check("<?xml version=\"1.0\"?>", "text/xml; charset=utf-8");
    }
}
