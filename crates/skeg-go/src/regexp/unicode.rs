//! Classes of Unicode by the names that Go has for them.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// The characters of a general category or script; `None` if Go has no such name.
pub(super) fn class(name: &str) -> Option<ClassUnicode> {
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match name.as_str() {
        "any" => return Some(ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)])),
        "ascii" => return Some(ClassUnicode::new([ClassUnicodeRange::new('\0', '\x7f')])),
        "assigned" => {
            let mut class = query("gc", "cn")?;
            class.negate();
            return Some(class);
        }
        // No text has surrogates.
        "cs" | "surrogate" => return Some(ClassUnicode::empty()),
        _ => {}
    }
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    if let Some(class) = query("gc", &name) {
        return Some(class);
    }
    // Four letters are mostly the abbreviation of a script, and Go knows the scripts by their full names only.
    let is_script = name.len() != 4 || SCRIPTS_OF_FOUR_LETTERS.contains(&name.as_str());
    is_script.then(|| query("sc", &name)).flatten()
}

const SCRIPTS_OF_FOUR_LETTERS: [&str; 9] = [
    "ahom", "cham", "kawi", "lisu", "miao", "modi", "newa", "thai", "toto",
];

fn query(property: &str, name: &str) -> Option<ClassUnicode> {
    let hir = regex_syntax::parse(&format!(r"\p{{{property}={name}}}")).ok()?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        // A class of one character.
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let range = |c| ClassUnicodeRange::new(c, c);
            Some(ClassUnicode::new(text.chars().map(range)))
        }
        _ => None,
    }
}
