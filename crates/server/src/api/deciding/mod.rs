//! What people decide: policy, gate, held candidates, ways back. Every change names who makes it; what would come of one
//! can be asked first.
//!
//! | module | what |
//! |---|---|
//! | `by` | who, and why |
//! | `change` | prefixes that come and go, within limits; what came of a wish to publish |
//! | `policy` | `/api/v1/policy` and `/api/v1/gate` |
//! | `held` | `/api/v1/held` |
//! | `back` | rollback, release, differences |
//! | `publish` | `/api/v1/publish` |
//! | `record` | `/api/v1/hits` and `/api/v1/audit` |

pub(crate) mod back;
pub(crate) mod by;
pub(crate) mod change;
pub(crate) mod held;
pub(crate) mod policy;
pub(crate) mod publish;
pub(crate) mod record;
