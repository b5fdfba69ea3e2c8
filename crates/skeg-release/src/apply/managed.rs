//! Skeleton.
pub(super) fn managed_fields_upgrade(_live: &serde_json::Value) -> Result<Option<Vec<u8>>, String> {
    Ok(None)
}
