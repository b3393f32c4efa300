mod handler;

use lambda_runtime::{Error, run_concurrent, service_fn};

/// `run_concurrent` serves as many requests at once as AWS_LAMBDA_MAX_CONCURRENCY says, each in a task of its own, and
/// one at a time where the variable is missing. The handler is cloned for every task, so it must be `Clone + Send`.
/// What all requests share, such as a client of the AWS SDK or a pool of connections, is made here and cloned or put
/// into an `Arc`; what one request changes stays in variables of the handler.
#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_runtime::tracing::init_default_subscriber();
    run_concurrent(service_fn(handler::answer)).await
}
