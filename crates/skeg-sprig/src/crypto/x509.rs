//! Certificates as Go's `crypto/x509` writes them, and as much of reading them as signing needs.

use std::net::IpAddr;

use ring::digest;

use super::der::{self, Reader, bit_string, element, integer, sequence};
use super::private_key::PrivateKey;
use super::random::Fill;

/// `2.5.4.3`
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// `2.5.29.x`
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 17];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
/// `1.3.6.1.5.5.7.3.1` and `.2`
const SERVER_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];

/// What a certificate says.
pub(super) struct Template {
    pub(super) serial: [u8; 16],
    pub(super) common_name: Vec<u8>,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) names: Vec<Vec<u8>>,
    /// Seconds since 1970.
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    pub(super) is_authority: bool,
}

/// A certificate that signs others.
pub(super) struct Authority {
    subject: Vec<u8>,
    public_key: Vec<u8>,
    key_id: Option<Vec<u8>>,
}

impl Authority {
    /// Reads a certificate; the error is Go's.
    pub(super) fn read(certificate: &[u8]) -> Result<Self, String> {
        Self::fields(certificate).ok_or_else(|| "x509: malformed certificate".to_owned())
    }

    fn fields(certificate: &[u8]) -> Option<Self> {
        let mut outer = Reader::new(certificate);
        let mut parts = outer.enter()?;
        let mut fields = parts.enter()?;
        parts.enter()?;
        parts.expect(der::BIT_STRING)?;
        if !(outer.is_at_end() && parts.is_at_end()) {
            return None;
        }
        fields.optional(der::numbered(0));
        fields.expect(der::INTEGER)?;
        fields.enter()?;
        fields.enter()?;
        fields.enter()?;
        let subject = fields.expect(der::SEQUENCE)?.whole.to_vec();
        let public_key = fields.expect(der::SEQUENCE)?.whole.to_vec();
        let mut key_id = None;
        while let Some(field) = fields.next() {
            if field.tag == der::numbered(3) {
                key_id = subject_key_id(field.content);
            }
        }
        Some(Self {
            subject,
            public_key,
            key_id,
        })
    }
}

fn subject_key_id(extensions: &[u8]) -> Option<Vec<u8>> {
    let mut extensions = Reader::new(extensions).enter()?;
    while let Some(mut extension) = extensions.enter() {
        let name = extension.expect(der::OBJECT_IDENTIFIER)?;
        extension.optional(der::BOOLEAN);
        let value = extension.expect(der::OCTET_STRING)?;
        if name.content == SUBJECT_KEY_ID {
            return Some(
                Reader::new(value.content)
                    .expect(der::OCTET_STRING)?
                    .content
                    .to_vec(),
            );
        }
    }
    None
}

impl Template {
    /// The certificate of `key`, signed by itself.
    pub(super) fn sign_itself(&self, key: &PrivateKey, fill: Fill) -> Result<Vec<u8>, String> {
        key.signature_algorithm()?;
        let authority = Authority {
            subject: self.subject()?,
            public_key: key.public_key()?.info,
            key_id: None,
        };
        self.sign(key, &authority, key, fill)
    }

    /// The certificate of `key`, signed by an authority.
    pub(super) fn sign(
        &self,
        key: &PrivateKey,
        authority: &Authority,
        signer: &PrivateKey,
        fill: Fill,
    ) -> Result<Vec<u8>, String> {
        let algorithm = signer.signature_algorithm()?;
        let public_key = key.public_key()?;
        if signer.public_key()?.info != authority.public_key {
            return Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned());
        }
        let subject = self.subject()?;
        let authority_key_id = authority.key_id.as_ref().filter(|_| authority.subject != subject);
        let extensions = self.extensions(&public_key.bits, authority_key_id, &subject)?;
        let content = sequence(
            &[
                element(der::numbered(0), &integer(&[2])),
                integer(&self.serial),
                algorithm.clone(),
                authority.subject.clone(),
                sequence(&[time(self.not_before)?, time(self.not_after)?].concat()),
                subject,
                public_key.info,
                element(der::numbered(3), &sequence(&extensions)),
            ]
            .concat(),
        );
        let signature = signer.sign(&content, fill)?;
        Ok(sequence(&[content, algorithm, bit_string(&signature)].concat()))
    }

    fn subject(&self) -> Result<Vec<u8>, String> {
        if self.common_name.is_empty() {
            return Ok(sequence(&[]));
        }
        let is_printable = |byte: &u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte);
        let tag = if self.common_name.iter().all(is_printable) {
            der::PRINTABLE_STRING
        } else if std::str::from_utf8(&self.common_name).is_ok() {
            der::UTF8_STRING
        } else {
            return Err("asn1: string not valid UTF-8".to_owned());
        };
        let attribute = [
            element(der::OBJECT_IDENTIFIER, COMMON_NAME),
            element(tag, &self.common_name),
        ];
        Ok(sequence(&element(der::SET, &sequence(&attribute.concat()))))
    }

    /// The extensions in Go's order.
    fn extensions(
        &self,
        public_key: &[u8],
        authority_key_id: Option<&Vec<u8>>,
        subject: &[u8],
    ) -> Result<Vec<u8>, String> {
        // Digital signature, key encipherment and, for an authority, certificate signing.
        let usage: &[u8] = if self.is_authority { &[2, 0xa4] } else { &[5, 0xa0] };
        let purposes =
            [SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION].map(|name| element(der::OBJECT_IDENTIFIER, name));
        let constraints = if self.is_authority {
            element(der::BOOLEAN, &[0xff])
        } else {
            Vec::new()
        };
        let mut out = extension(KEY_USAGE, true, &element(der::BIT_STRING, usage));
        out.extend(extension(
            EXTENDED_KEY_USAGE,
            false,
            &sequence(&purposes.concat()),
        ));
        out.extend(extension(BASIC_CONSTRAINTS, true, &sequence(&constraints)));
        if self.is_authority {
            let hash = digest::digest(&digest::SHA256, public_key);
            out.extend(extension(
                SUBJECT_KEY_ID,
                false,
                &element(der::OCTET_STRING, &hash.as_ref()[..20]),
            ));
        }
        if let Some(key_id) = authority_key_id {
            out.extend(extension(
                AUTHORITY_KEY_ID,
                false,
                &sequence(&element(0x80, key_id)),
            ));
        }
        if !(self.names.is_empty() && self.addresses.is_empty()) {
            let is_critical = subject == sequence(&[]);
            out.extend(extension(
                SUBJECT_ALTERNATIVE_NAME,
                is_critical,
                &self.alternative_names()?,
            ));
        }
        Ok(out)
    }

    fn alternative_names(&self) -> Result<Vec<u8>, String> {
        let mut names = Vec::new();
        for name in &self.names {
            if !name.is_ascii() {
                let quoted = skeg_go::quote::quote_bytes(name);
                return Err(format!("x509: {quoted} cannot be encoded as an IA5String"));
            }
            names.extend(element(0x82, name));
        }
        for address in &self.addresses {
            names.extend(match address.to_canonical() {
                IpAddr::V4(address) => element(0x87, &address.octets()),
                IpAddr::V6(address) => element(0x87, &address.octets()),
            });
        }
        Ok(sequence(&names))
    }
}

fn extension(name: &[u8], is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if is_critical {
        element(der::BOOLEAN, &[0xff])
    } else {
        Vec::new()
    };
    let fields = [
        element(der::OBJECT_IDENTIFIER, name),
        critical,
        element(der::OCTET_STRING, value),
    ];
    sequence(&fields.concat())
}

/// A time in the short form for the years until 2049, in the long one for others.
fn time(seconds: i64) -> Result<Vec<u8>, String> {
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_date(day);
    let clock = format!("{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60);
    match year {
        1950..2050 => {
            let text = format!("{:02}{month:02}{day:02}{clock}", year % 100);
            Ok(element(der::UTC_TIME, text.as_bytes()))
        }
        0..10_000 => {
            let text = format!("{year:04}{month:02}{day:02}{clock}");
            Ok(element(der::GENERALIZED_TIME, text.as_bytes()))
        }
        _ => Err("asn1: structure error: cannot represent time as GeneralizedTime".to_owned()),
    }
}

/// Year, month and day of a day since 1970-01-01, in the Gregorian calendar.
fn civil_date(day: i64) -> (i64, i64, i64) {
    // Years begin with March here, so that a leap day is the last of its year; eras have 400 of them.
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_time(seconds: i64, tag: u8, expected: &str) {
        assert_eq!(time(seconds), Ok(element(tag, expected.as_bytes())));
    }

    #[test]
    fn times_have_two_forms() {
        check_time(0, der::UTC_TIME, "700101000000Z");
        check_time(951_782_399, der::UTC_TIME, "000228235959Z");
        check_time(951_782_400, der::UTC_TIME, "000229000000Z");
        check_time(2_524_607_999, der::UTC_TIME, "491231235959Z");
        check_time(2_524_608_000, der::GENERALIZED_TIME, "20500101000000Z");
        check_time(-631_152_001, der::GENERALIZED_TIME, "19491231235959Z");
        assert!(time(253_402_300_800).is_err());
    }
}
