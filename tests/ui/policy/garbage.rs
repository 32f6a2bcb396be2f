cors_axum::policy! { = [ ] # static { } ; { origins } static X = ( ) }

fn main() {}
