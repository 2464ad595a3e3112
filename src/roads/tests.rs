//! The room through its own doors, and against slow oracles.
