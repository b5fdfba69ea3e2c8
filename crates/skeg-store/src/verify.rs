//! Hashing everything again.

use std::io;
use std::time::SystemTime;

use skeg_oci::Digest;

use crate::content::{LARGE, hash};
use crate::error::StoreError;
use crate::meta::{self, Meta, Proof};
use crate::store::Store;

/// What hashing everything again has shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How much content was hashed.
    pub entries: usize,
    /// How many bytes that were.
    pub size: u64,
    /// What was damaged; it is removed.
    pub damaged: Vec<Digest>,
}

impl Store {
    /// Hashes all content, whatever was proven before, and removes what is damaged.
    ///
    /// # Errors
    /// The store cannot be read, or something damaged cannot be removed.
    pub fn verify(&self, now: SystemTime) -> Result<Verified, StoreError> {
        let mut verified = Verified::default();
        for entry in self.entries().map_err(StoreError::Read)? {
            let is_sound = match self.verify_one(&entry.digest, now) {
                Ok(is_sound) => is_sound,
                // Somebody else has removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(StoreError::Read(error)),
            };
            verified.entries += 1;
            verified.size += entry.size;
            if !is_sound {
                self.forget(&entry.digest).map_err(StoreError::Write)?;
                verified.damaged.push(entry.digest);
            }
        }
        Ok(verified)
    }

    fn verify_one(&self, digest: &Digest, now: SystemTime) -> io::Result<bool> {
        let mut file = fs_err::File::open(self.layout.blob(digest))?.into_parts().0;
        let proof = Proof::of(&file.metadata()?);
        if hash(&mut file, digest)? != *digest {
            return Ok(false);
        }
        let known = meta::read(&self.layout, digest).unwrap_or_default();
        if file.metadata()?.len() >= LARGE && known.proof.as_ref() != Some(&proof) {
            let meta = Meta {
                proof: Some(proof),
                ..known
            };
            self.renew_proof(digest, &file, &meta, now);
        }
        Ok(true)
    }
}
