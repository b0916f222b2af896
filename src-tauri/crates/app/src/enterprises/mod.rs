//! Enterprises: what the book knows of one, in the order it happened, and of two that may be one.

pub mod dossier;
pub mod dossier_view;
pub mod joins;
pub mod pairs_view;

pub use dossier::{EventView, TimelinePage};
pub use joins::Pair;
