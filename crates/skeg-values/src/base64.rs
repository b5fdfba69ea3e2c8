//! Standard base64 with padding, as JSON has Go's bytes and YAML its binary values.

pub(crate) use skeg_go::base64::{decode, encode};

/// Encodes bytes; text of 70 or more characters is in lines, as go-yaml has it.
pub(crate) fn encode_lines(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let text = encode(bytes);
    if text.len() < LINE {
        return text;
    }
    let mut lines = String::with_capacity(text.len() + text.len() / LINE + 1);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, following) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = following;
    }
    lines
}
