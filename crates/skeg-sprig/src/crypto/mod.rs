//! Hashes, passwords, random text, keys and certificates.
//!
//! [`functions`] lists them; the modules below know how. Random bytes and the clock come from the [`Surroundings`].

mod certificates;
mod der;
mod dsa_key;
mod hashes;
mod key_pool;
mod passwords;
mod pem;
mod private_key;
mod random;
mod rsa_key;
mod x509;

use certificates::Maker;
use key_pool::KeyPool;
use skeg_go::Parameter::{Any, Int, List, String};
use skeg_go::{CallError, GoValue, Parameter};
use skeg_template::{Body, Function};

use crate::Surroundings;

/// The functions of this group.
pub(crate) fn functions(surroundings: &Surroundings) -> Vec<Function> {
    let mut functions = hash_functions();
    functions.extend(random_functions(surroundings.fill_random));
    functions.extend(password_functions(surroundings.fill_random));
    functions.extend(certificate_functions(&Maker {
        keys: KeyPool::new(surroundings.fill_random),
        fill: surroundings.fill_random,
        now: surroundings.now,
    }));
    functions
}

fn hash_functions() -> Vec<Function> {
    vec![
        pure("adler32sum", &[String], |arguments| {
            Ok(hashes::adler32sum(arguments))
        }),
        pure("sha1sum", &[String], |arguments| Ok(hashes::sha1sum(arguments))),
        pure("sha256sum", &[String], |arguments| {
            Ok(hashes::sha256sum(arguments))
        }),
        pure("sha512sum", &[String], |arguments| {
            Ok(hashes::sha512sum(arguments))
        }),
    ]
}

fn random_functions(fill: random::Fill) -> Vec<Function> {
    let characters = |name, alphabet| {
        Function::stateful(name, &[Int], move |arguments| {
            random::characters(arguments, alphabet, fill)
        })
    };
    vec![
        characters("randAlpha", random::LETTERS),
        characters("randAlphaNum", random::LETTERS_AND_DIGITS),
        characters("randAscii", random::PRINTABLE),
        characters("randNumeric", random::DIGITS),
        Function::stateful("randBytes", &[Int], move |arguments| {
            random::encoded_bytes(arguments, fill)
        }),
        Function::stateful("randInt", &[Int, Int], move |arguments| {
            random::integer(arguments, fill)
        }),
        Function::stateful("shuffle", &[String], move |arguments| {
            Ok(random::shuffle(arguments, fill))
        }),
        Function::stateful("uuidv4", &[], move |_| Ok(random::uuid(fill))),
    ]
}

fn password_functions(fill: random::Fill) -> Vec<Function> {
    vec![
        Function::stateful("bcrypt", &[String], move |arguments| {
            Ok(passwords::bcrypt(arguments, fill))
        }),
        Function::stateful("htpasswd", &[String, String], move |arguments| {
            Ok(passwords::htpasswd(arguments, fill))
        }),
        pure(
            "derivePassword",
            &[COUNTER, String, String, String, String],
            passwords::derive_password,
        ),
        Function::stateful("encryptAES", &[String, String], move |arguments| {
            Ok(passwords::encrypt_aes(arguments, fill))
        }),
        pure("decryptAES", &[String, String], passwords::decrypt_aes),
    ]
}

fn certificate_functions(maker: &Maker) -> Vec<Function> {
    const CERTIFICATE: Parameter = Parameter::Object {
        type_name: certificates::TYPE_NAME,
    };
    type Make = fn(&Maker, &[GoValue]) -> Result<GoValue, CallError>;

    let with = |name, parameters, make: Make| {
        let maker = maker.clone();
        Function::stateful(name, parameters, move |arguments| make(&maker, arguments))
    };
    vec![
        pure("buildCustomCert", &[String, String], Maker::custom),
        with("genPrivateKey", &[String], |maker, arguments| {
            Ok(maker.private_key(arguments))
        }),
        with("genCA", &[String, Int], Maker::authority),
        with("genCAWithKey", &[String, Int, String], Maker::authority_with_key),
        with(
            "genSelfSignedCert",
            &[String, List, List, Int],
            Maker::self_signed,
        ),
        with(
            "genSelfSignedCertWithKey",
            &[String, List, List, Int, String],
            Maker::self_signed_with_key,
        ),
        with(
            "genSignedCert",
            &[String, List, List, Int, CERTIFICATE],
            Maker::signed,
        ),
        with(
            "genSignedCertWithKey",
            &[String, List, List, Int, CERTIFICATE, String],
            Maker::signed_with_key,
        ),
    ]
}

/// `uint32`, for which there is no parameter type of its own.
const COUNTER: Parameter = Any;

fn pure(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&[GoValue]) -> Result<GoValue, CallError>,
) -> Function {
    Function {
        name,
        parameters,
        variadic: None,
        body: Body::Pure(call),
    }
}
