//! Shares of a mirror for several machines.

use std::str::FromStr;

use skeg_oci::Digest;

/// One of so many shares, counted from zero, as Kubernetes counts the pods of an indexed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    index: u64,
    count: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text
            .split_once('/')
            .and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if index < count => Ok(Self { index, count }),
            Some((_, 0)) => Err("there must be one share at least".to_owned()),
            Some((_, count)) => Err(format!(
                "shares are counted from 0: the last of {count} is `{}/{count}`",
                count - 1
            )),
            None => Err("it has not the form `INDEX/COUNT`, such as `0/4`".to_owned()),
        }
    }
}

impl Shard {
    /// Tells whether a repository belongs to this share. That depends on its name and the number of shares alone.
    pub(super) fn has(self, repository: &str) -> bool {
        let digest = Digest::sha256_of(repository.as_bytes());
        let number = u64::from_str_radix(&digest.hex()[..16], 16);
        number.expect("because the digits are hexadecimal") % self.count == self.index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(text.parse::<Shard>().unwrap_err(), expected);
    }

    #[test]
    fn shares_are_counted_from_zero() {
        assert_eq!("0/1".parse(), Ok(Shard { index: 0, count: 1 }));
        assert_eq!("3/4".parse(), Ok(Shard { index: 3, count: 4 }));
        check_error("4/4", "shares are counted from 0: the last of 4 is `3/4`");
        check_error("0/0", "there must be one share at least");
        for text in ["", "1", "/", "a/b", "-1/2", "1/2/3"] {
            check_error(text, "it has not the form `INDEX/COUNT`, such as `0/4`");
        }
    }

    #[test]
    fn every_repository_has_one_share_and_keeps_it() {
        let names: Vec<String> = (0..1000)
            .map(|number| format!("oci://a/charts/{number}"))
            .collect();
        let shards: Vec<Shard> = (0..4).map(|index| Shard { index, count: 4 }).collect();
        for name in &names {
            assert_eq!(shards.iter().filter(|shard| shard.has(name)).count(), 1);
        }
        for shard in &shards {
            let share = names.iter().filter(|name| shard.has(name)).count();
            assert!((200..300).contains(&share), "{share}");
        }
        // A change here would move every mirror that runs in shares.
        assert!(Shard { index: 1, count: 4 }.has("oci://registry.example/charts/demo"));
    }
}
