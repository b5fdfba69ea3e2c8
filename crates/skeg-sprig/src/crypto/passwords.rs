//! Passwords: hashed, derived, and texts encrypted with them.

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use ring::hmac;
use skeg_go::{CallError, GoValue, base64};

use super::random::Fill;
use crate::arguments::bytes;

/// The work factor that Go's `bcrypt` takes by default.
const COST: u32 = 10;
/// More bytes than that bcrypt would ignore.
const LONGEST_PASSWORD: usize = 72;

/// `bcrypt`
pub(super) fn bcrypt(arguments: &[GoValue], fill: Fill) -> GoValue {
    GoValue::from(hash(bytes(arguments, 0), fill))
}

/// `htpasswd`: a line of Apache's password file.
pub(super) fn htpasswd(arguments: &[GoValue], fill: Fill) -> GoValue {
    let user = bytes(arguments, 0);
    if user.contains(&b':') {
        return GoValue::from([b"invalid username: ", user].concat());
    }
    let hash = hash(bytes(arguments, 1), fill);
    GoValue::from([user, b":", hash.as_bytes()].concat())
}

/// The hash, or why there is none: the functions have no errors.
fn hash(password: &[u8], fill: Fill) -> String {
    if password.len() > LONGEST_PASSWORD {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".to_owned();
    }
    let mut salt = [0; 16];
    fill(&mut salt);
    match bcrypt::hash_with_salt(password, COST, salt) {
        Ok(parts) => parts.format_for_version(bcrypt::Version::TwoA),
        Err(error) => format!("failed to encrypt string with bcrypt: {error}"),
    }
}

/// `derivePassword`: the algorithm of Master Password, in the version that sprig has.
pub(super) fn derive_password(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    const NAMESPACE: &[u8] = b"com.lyndir.masterpassword";

    let kind = bytes(arguments, 1);
    let Some(templates) = password_templates(kind) else {
        return Ok(GoValue::from([b"cannot find password template ", kind].concat()));
    };
    let counter = counter(arguments.first())?;
    let (password, user, site) = (bytes(arguments, 2), bytes(arguments, 3), bytes(arguments, 4));

    let salt = [NAMESPACE, &length(user), user].concat();
    let parameters = scrypt::Params::new(15, 8, 2).expect("because sprig's parameters are valid");
    let mut key = [0; 64];
    scrypt::scrypt(password, &salt, &parameters, &mut key).expect("because 64 bytes can be derived");

    let message = [NAMESPACE, &length(site), site, &counter.to_be_bytes()].concat();
    let seed = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &message);
    let (first, rest) = seed.as_ref().split_first().expect("because a hash has 32 bytes");
    let template = templates[usize::from(*first) % templates.len()];
    let characters = template.bytes().zip(rest).map(|(class, byte)| {
        let characters = template_characters(class);
        characters[usize::from(*byte) % characters.len()]
    });
    Ok(GoValue::from(characters.collect::<Vec<u8>>()))
}

/// A `uint32`; literals come as `int`.
fn counter(argument: Option<&GoValue>) -> Result<u32, CallError> {
    let number = match argument {
        Some(GoValue::Int(_, number)) => u32::try_from(*number).ok(),
        Some(GoValue::Uint(_, number)) => u32::try_from(*number).ok(),
        _ => None,
    };
    number.ok_or_else(|| {
        let found = argument.map_or_else(|| "nil".to_owned(), GoValue::type_name);
        CallError::new(format!("wrong type for value; expected uint32; got {found}"))
    })
}

fn length(text: &[u8]) -> [u8; 4] {
    u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes()
}

/// What passwords of a kind look like; each letter stands for a class of characters.
fn password_templates(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn template_characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

const BLOCK: usize = 16;

/// `encryptAES`: AES-256 in CBC mode with the padding of PKCS 7, the initial vector in front, in base64.
pub(super) fn encrypt_aes(arguments: &[GoValue], fill: Fill) -> GoValue {
    let plain = bytes(arguments, 1);
    if plain.is_empty() {
        return GoValue::from("");
    }
    let cipher = cipher(bytes(arguments, 0));
    let padding = BLOCK - plain.len() % BLOCK;
    let mut out = vec![0; BLOCK];
    fill(&mut out);
    out.extend_from_slice(plain);
    out.extend(std::iter::repeat_n(
        u8::try_from(padding).expect("because it is at most 16"),
        padding,
    ));

    let (mut previous, blocks) = out.split_at_mut(BLOCK);
    for block in blocks.chunks_exact_mut(BLOCK) {
        exclusive_or(block, previous);
        cipher.encrypt_block(as_block(block));
        previous = block;
    }
    GoValue::from(base64::encode(&out))
}

/// `decryptAES`
pub(super) fn decrypt_aes(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let encoded = bytes(arguments, 1);
    if encoded.is_empty() {
        return Ok(GoValue::from(""));
    }
    let encrypted = base64::decode(encoded)
        .map_err(|at| CallError::new(format!("illegal base64 data at input byte {at}")))?;
    if encrypted.len() < BLOCK {
        // As long as the text may have been, line ends included.
        let capacity = encoded.len() / 4 * 3;
        return Err(CallError::new(format!(
            "runtime error: slice bounds out of range [:{BLOCK}] with capacity {capacity}"
        )));
    }
    let (first, rest) = encrypted.split_at(BLOCK);
    if rest.len() % BLOCK != 0 {
        return Err(CallError::new("crypto/cipher: input not full blocks"));
    }
    let cipher = cipher(bytes(arguments, 0));
    let mut plain = rest.to_vec();
    let mut previous = first;
    for (block, source) in plain.chunks_exact_mut(BLOCK).zip(rest.chunks_exact(BLOCK)) {
        cipher.decrypt_block(as_block(block));
        exclusive_or(block, previous);
        previous = source;
    }
    let Some(padding) = plain.last().map(|last| usize::from(*last)) else {
        return Err(CallError::new("runtime error: index out of range [-1]"));
    };
    let Some(length) = plain.len().checked_sub(padding) else {
        let beyond = padding - plain.len();
        return Err(CallError::new(format!(
            "runtime error: slice bounds out of range [:-{beyond}]"
        )));
    };
    plain.truncate(length);
    Ok(GoValue::from(plain))
}

/// The password is the key: cut or filled up with zeros.
fn cipher(password: &[u8]) -> Aes256 {
    let mut key = [0; 32];
    let length = password.len().min(key.len());
    key[..length].copy_from_slice(&password[..length]);
    Aes256::new(&Array(key))
}

fn as_block(block: &mut [u8]) -> &mut aes::Block {
    block.try_into().expect("because chunks have the size of a block")
}

fn exclusive_or(block: &mut [u8], other: &[u8]) {
    for (byte, other) in block.iter_mut().zip(other) {
        *byte ^= other;
    }
}
