//! The offices and devices this book knows, the invitations it gave, the campaign files and photos it was sent. Keys and
//! signed texts are opaque strings here; `exchange` knows what they mean.

use domain::{DeviceId, OfficeCode};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// Another office this book exchanges packages with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRow {
    pub code: OfficeCode,
    pub name: String,
    /// `upper`: it invited this office; `lower`: this office invited it.
    pub relation: String,
    pub root_key: String,
    /// Its encryption keys, as JSON.
    pub recipients: String,
    /// The newest roster accepted from it, as JSON; blank before the first.
    pub roster: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub office: OfficeCode,
    pub key: String,
    /// Whether a person confirmed its fingerprint, or its office's root certified it.
    pub confirmed: bool,
    /// Milliseconds since 1970.
    pub at: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    pub id: String,
    pub office: OfficeCode,
    pub name: String,
    pub secret: String,
    /// Milliseconds since 1970.
    pub expires: u64,
    /// The one device it admitted.
    pub device: Option<DeviceId>,
}

fn office_row(row: &Row) -> Result<OfficeRow> {
    Ok(OfficeRow {
        code: row.get::<_, String>(0)?.parse()?,
        name: row.get(1)?,
        relation: row.get(2)?,
        root_key: row.get(3)?,
        recipients: row.get(4)?,
        roster: row.get(5)?,
    })
}

fn device_row(row: &Row) -> Result<DeviceRow> {
    Ok(DeviceRow {
        id: row.get::<_, String>(0)?.parse()?,
        office: row.get::<_, String>(1)?.parse()?,
        key: row.get(2)?,
        confirmed: row.get(3)?,
        at: row.get::<_, i64>(4)? as u64,
    })
}

fn invitation_row(row: &Row) -> Result<InvitationRow> {
    Ok(InvitationRow {
        id: row.get(0)?,
        office: row.get::<_, String>(1)?.parse()?,
        name: row.get(2)?,
        secret: row.get(3)?,
        expires: row.get::<_, i64>(4)? as u64,
        device: row.get::<_, Option<String>>(5)?.map(|id| id.parse()).transpose()?,
    })
}

impl Reader<'_> {
    pub fn offices(&self) -> Result<Vec<OfficeRow>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT code, name, relation, root_key, recipients, roster FROM office ORDER BY code")?;
        statement.query_and_then([], office_row)?.collect()
    }

    pub fn office(&self, code: &OfficeCode) -> Result<Option<OfficeRow>> {
        Ok(self.offices()?.into_iter().find(|office| office.code == *code))
    }

    pub fn devices(&self) -> Result<Vec<DeviceRow>> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, office, key, confirmed, at FROM device ORDER BY office, at, id")?;
        statement.query_and_then([], device_row)?.collect()
    }

    pub fn invitations(&self) -> Result<Vec<InvitationRow>> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, office, name, secret, expires, device FROM invitation ORDER BY id")?;
        statement.query_and_then([], invitation_row)?.collect()
    }

    /// Campaign files this book was sent, oldest first.
    pub fn campaign_bundles(&self) -> Result<Vec<Vec<u8>>> {
        let mut statement = self.conn.prepare_cached("SELECT body FROM campaign_bundle ORDER BY at, sha256")?;
        statement.query_and_then([], |row| Ok(row.get(0)?))?.collect()
    }

    /// A photo or file by its SHA-256.
    pub fn attachment(&self, sha256: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        Ok(self
            .conn
            .prepare_cached("SELECT bytes FROM attachment_content WHERE sha256 = ?")?
            .query_row([sha256], |row| row.get(0))
            .optional()?)
    }

    pub fn has_attachment(&self, sha256: &[u8; 32]) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM attachment_content WHERE sha256 = ?)")?
            .query_row([sha256], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    pub fn put_office(&mut self, office: &OfficeRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO office (code, name, relation, root_key, recipients, roster) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (code) DO UPDATE SET name = excluded.name, relation = excluded.relation, \
                 root_key = excluded.root_key, recipients = excluded.recipients, roster = excluded.roster",
            )?
            .execute(params![
                office.code.as_str(),
                office.name,
                office.relation,
                office.root_key,
                office.recipients,
                office.roster
            ])?;
        Ok(())
    }

    pub fn put_device(&mut self, device: &DeviceRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO device (id, office, key, confirmed, at) VALUES (?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET confirmed = max(device.confirmed, excluded.confirmed)",
            )?
            .execute(params![
                device.id.as_str(),
                device.office.as_str(),
                device.key,
                device.confirmed,
                device.at as i64
            ])?;
        Ok(())
    }

    pub fn put_invitation(&mut self, invitation: &InvitationRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO invitation (id, office, name, secret, expires, device) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET device = excluded.device",
            )?
            .execute(params![
                invitation.id,
                invitation.office.as_str(),
                invitation.name,
                invitation.secret,
                invitation.expires as i64,
                invitation.device.as_ref().map(DeviceId::as_str)
            ])?;
        Ok(())
    }

    /// An invitation can no longer be answered from this moment on.
    pub fn expire_invitation(&mut self, id: &str, at: u64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE invitation SET expires = min(expires, ?) WHERE id = ?")?
            .execute(params![at as i64, id])?;
        Ok(())
    }

    pub fn put_campaign_bundle(&mut self, sha256: [u8; 32], body: &[u8], at: u64) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO campaign_bundle (sha256, body, at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
            )?
            .execute(params![sha256, body, at as i64])?;
        Ok(())
    }

    /// Stores content once, by its hash.
    pub fn put_attachment(&mut self, sha256: [u8; 32], bytes: &[u8]) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO attachment_content (sha256, bytes) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
            )?
            .execute(params![sha256, bytes])?;
        Ok(())
    }
}
