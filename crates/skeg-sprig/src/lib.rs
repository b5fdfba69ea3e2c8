//! Sprig's template functions, with the results and errors of sprig 3.3.0.
//!
//! [`functions`] has them all, but for `env` and `expandenv`, which Helm takes away.

mod cast;
mod crypto;
mod dates;
mod dicts;
mod encoding;
mod lists;
mod logic;
mod network;
mod numbers;
mod paths;
mod reflection;
mod regex;
mod strings;
mod surroundings;
mod version;

use skeg_template::Function;

pub use crypto::KeyPool;
pub use surroundings::Surroundings;

/// All functions; those that tell the time or draw random numbers take them from `surroundings`.
pub fn functions(surroundings: &Surroundings) -> Vec<Function> {
    functions_with_keys(surroundings, &KeyPool::new(surroundings.fill_random))
}

/// All functions; those that make RSA keys take them from `keys`, which can [prepare](KeyPool::prepare) some.
pub fn functions_with_keys(surroundings: &Surroundings, keys: &KeyPool) -> Vec<Function> {
    let pure = [
        dicts::FUNCTIONS,
        encoding::FUNCTIONS,
        lists::FUNCTIONS,
        logic::FUNCTIONS,
        network::FUNCTIONS,
        numbers::FUNCTIONS,
        paths::FUNCTIONS,
        reflection::FUNCTIONS,
        regex::FUNCTIONS,
        strings::FUNCTIONS,
        version::FUNCTIONS,
    ];
    let pure = pure.into_iter().flatten().copied().map(Function::from);
    pure.chain(crypto::functions(surroundings, keys))
        .chain(dates::functions(surroundings))
        .collect()
}
