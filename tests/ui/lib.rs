//! Nothing: what is tested here is what does not compile.
