//! The tables of all groups together.

use skeg_template::Function;

use crate::{
    Surroundings, crypto, dates, dicts, encoding, json, lists, logic, network, numbers, paths, reflection,
    regex, strings, version,
};

/// All functions; those that tell the time or draw random numbers take them from `surroundings`.
pub fn functions(surroundings: &Surroundings) -> Vec<Function> {
    let pure = [
        dicts::FUNCTIONS,
        encoding::FUNCTIONS,
        json::FUNCTIONS,
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
    pure.chain(crypto::functions(surroundings))
        .chain(dates::functions(surroundings))
        .chain(network::functions(surroundings))
        .collect()
}
