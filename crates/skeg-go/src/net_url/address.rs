//! Addresses in brackets, checked as `netip.ParseAddr` does.

use super::error::AddressError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

pub(super) fn parse(text: &[u8]) -> Result<Family, AddressError> {
    let check = Check { text };
    match text.iter().find(|byte| matches!(byte, b'.' | b':' | b'%')) {
        Some(b'.') => check.v4(text).map(|()| Family::V4),
        Some(b':') => check.v6().map(|()| Family::V6),
        Some(_) => Err(check.error("missing IPv6 address", b"")),
        None => Err(check.error("unable to parse IP", b"")),
    }
}

struct Check<'t> {
    text: &'t [u8],
}

impl Check<'_> {
    fn error(&self, message: &'static str, rest: &[u8]) -> AddressError {
        AddressError {
            text: self.text.to_vec(),
            message,
            rest: rest.to_vec(),
        }
    }

    fn v4(&self, text: &[u8]) -> Result<(), AddressError> {
        let (mut value, mut digits, mut dots) = (0_u16, 0, 0);
        for (index, byte) in text.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    if digits == 1 && value == 0 {
                        return Err(self.error("IPv4 field has octet with leading zero", b""));
                    }
                    value = value * 10 + u16::from(byte - b'0');
                    digits += 1;
                    if value > 255 {
                        return Err(self.error("IPv4 field has value >255", b""));
                    }
                }
                b'.' if digits == 0 || index == text.len() - 1 => {
                    return Err(self.error("IPv4 field must have at least one digit", &text[index..]));
                }
                b'.' if dots == 3 => return Err(self.error("IPv4 address too long", b"")),
                b'.' => {
                    dots += 1;
                    (value, digits) = (0, 0);
                }
                _ => return Err(self.error("unexpected character", &text[index..])),
            }
        }
        if dots < 3 {
            return Err(self.error("IPv4 address too short", b""));
        }
        Ok(())
    }

    fn v6(&self) -> Result<(), AddressError> {
        let zone = self.text.iter().position(|byte| *byte == b'%');
        if zone == Some(self.text.len() - 1) {
            return Err(self.error("zone must be a non-empty string", b""));
        }
        let mut rest = &self.text[..zone.unwrap_or(self.text.len())];
        let mut has_ellipsis = false;
        if let Some(after) = rest.strip_prefix(b"::") {
            if after.is_empty() {
                return Ok(());
            }
            has_ellipsis = true;
            rest = after;
        }
        let mut bytes = 0;
        while bytes < 16 {
            let length = self.field(rest)?;
            if rest.get(length) == Some(&b'.') {
                self.embedded_v4(rest, bytes, has_ellipsis)?;
                bytes += 4;
                rest = b"";
                break;
            }
            bytes += 2;
            rest = &rest[length..];
            if rest.is_empty() {
                break;
            }
            rest = self.after_colon(rest)?;
            if let Some(after) = rest.strip_prefix(b":") {
                if has_ellipsis {
                    return Err(self.error("multiple :: in address", rest));
                }
                has_ellipsis = true;
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
        }
        match (rest.is_empty(), bytes < 16, has_ellipsis) {
            (false, ..) => Err(self.error("trailing garbage after address", rest)),
            (true, true, false) => Err(self.error("address string too short", b"")),
            (true, false, true) => Err(self.error("the :: must expand to at least one field of zeros", b"")),
            _ => Ok(()),
        }
    }

    /// The length of the hexadecimal number at the beginning.
    fn field(&self, rest: &[u8]) -> Result<usize, AddressError> {
        let length = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        match length {
            0 => Err(self.error("each colon-separated field must have at least one digit", rest)),
            1..=4 => Ok(length),
            _ => Err(self.error("each group must have 4 or less digits", rest)),
        }
    }

    fn after_colon<'r>(&self, rest: &'r [u8]) -> Result<&'r [u8], AddressError> {
        match rest.strip_prefix(b":") {
            None => Err(self.error("unexpected character, want colon", rest)),
            Some(b"") => Err(self.error("colon must be followed by more characters", rest)),
            Some(after) => Ok(after),
        }
    }

    fn embedded_v4(&self, rest: &[u8], bytes: usize, has_ellipsis: bool) -> Result<(), AddressError> {
        if !has_ellipsis && bytes != 12 {
            let message = "embedded IPv4 address must replace the final 2 fields of the address";
            return Err(self.error(message, rest));
        }
        if bytes > 12 {
            let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
            return Err(self.error(message, rest));
        }
        self.v4(rest)
    }
}
