//! Numbers, texts and booleans out of anything, with the rules of `spf13/cast`.
