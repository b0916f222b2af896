//! One file a measure. Each makes what it needs, runs both sides, and says what came of it.

#[cfg(feature = "forms")]
pub mod documents;
pub mod fill;
#[cfg(feature = "forms")]
pub mod find;
pub mod import;
pub mod memory;
pub mod save;
pub mod size;
#[cfg(feature = "forms")]
pub mod window;
