//! Hashes, passwords, random text, keys and certificates.
//!
//! [`functions`] lists them; the modules below know how. Random bytes, the clock and ready-made keys come from
//! the [`Surroundings`].

mod arguments;
mod base64;
mod der;
mod hashes;
mod key_pool;
mod numbers;
mod passwords;
mod random;

use skeg_go::Parameter::{Any, Int, String};
use skeg_go::{CallError, GoValue, Parameter};
use skeg_template::{Body, Function};

use crate::Surroundings;

pub use key_pool::KeyPool;

/// The functions of this group.
pub(crate) fn functions(surroundings: &Surroundings) -> Vec<Function> {
    let mut functions = hash_functions();
    functions.extend(random_functions(surroundings.fill_random));
    functions.extend(password_functions(surroundings.fill_random));
    functions
}

fn hash_functions() -> Vec<Function> {
    vec![
        pure("adler32sum", &[String], hashes::adler32sum),
        pure("sha1sum", &[String], hashes::sha1sum),
        pure("sha256sum", &[String], hashes::sha256sum),
        pure("sha512sum", &[String], hashes::sha512sum),
    ]
}

fn random_functions(fill: random::Fill) -> Vec<Function> {
    let characters = |name, alphabet| {
        stateful(name, &[Int], move |arguments| {
            random::characters(arguments, alphabet, fill)
        })
    };
    vec![
        characters("randAlpha", random::LETTERS),
        characters("randAlphaNum", random::LETTERS_AND_DIGITS),
        characters("randAscii", random::PRINTABLE),
        characters("randNumeric", random::DIGITS),
        stateful("randBytes", &[Int], move |arguments| {
            random::bytes(arguments, fill)
        }),
        stateful("randInt", &[Int, Int], move |arguments| {
            random::integer(arguments, fill)
        }),
        stateful("shuffle", &[String], move |arguments| {
            random::shuffle(arguments, fill)
        }),
        stateful("uuidv4", &[], move |_| Ok(random::uuid(fill))),
    ]
}

fn password_functions(fill: random::Fill) -> Vec<Function> {
    vec![
        stateful("bcrypt", &[String], move |arguments| {
            passwords::bcrypt(arguments, fill)
        }),
        stateful("htpasswd", &[String, String], move |arguments| {
            passwords::htpasswd(arguments, fill)
        }),
        pure(
            "derivePassword",
            &[COUNTER, String, String, String, String],
            passwords::derive_password,
        ),
        stateful("encryptAES", &[String, String], move |arguments| {
            passwords::encrypt_aes(arguments, fill)
        }),
        pure("decryptAES", &[String, String], passwords::decrypt_aes),
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

fn stateful(
    name: &'static str,
    parameters: &'static [Parameter],
    call: impl Fn(&[GoValue]) -> Result<GoValue, CallError> + 'static,
) -> Function {
    Function {
        name,
        parameters,
        variadic: None,
        body: Body::Stateful(std::rc::Rc::new(call)),
    }
}
