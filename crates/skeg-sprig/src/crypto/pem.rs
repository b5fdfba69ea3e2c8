//! The text form of keys and certificates.

use skeg_go::base64;

/// A block of a text.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// Writes a block in lines of 64 characters.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let encoded = base64::encode(bytes);
    let mut out = String::with_capacity(encoded.len() + encoded.len() / 64 + 64);
    out.push_str("-----BEGIN ");
    out.push_str(label);
    out.push_str("-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}

/// The first block of a text; whatever stands around it and headers within it do not count.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let text = std::str::from_utf8(text).ok()?;
    let mut rest = text;
    loop {
        let at = rest.find("-----BEGIN ")?;
        let starts_line = at == 0 || rest[..at].ends_with('\n');
        rest = &rest[at + 11..];
        if starts_line && let Some(block) = block(rest) {
            return Some(block);
        }
    }
}

fn block(text: &str) -> Option<Block> {
    let (label, body) = text.split_once('\n')?;
    let label = label.trim_end().strip_suffix("-----")?;
    let (body, after) = body.split_once("-----END ")?;
    after.strip_prefix(label)?.strip_prefix("-----")?;
    let lines = body
        .lines()
        .skip_while(|line| line.contains(':') || line.trim().is_empty());
    let encoded: String = lines
        .flat_map(str::chars)
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    Some(Block {
        label: label.to_owned(),
        bytes: base64::decode(encoded.as_bytes()).ok()?,
    })
}
