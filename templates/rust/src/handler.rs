use lambda_runtime::{Error, LambdaEvent, tracing};
use serde_json::{Value, json};

/// Answers a request with its event.
pub async fn answer(request: LambdaEvent<Value>) -> Result<Value, Error> {
    tracing::info!(request_id = request.context.request_id, "answering a request");
    let body = json!({
        "message": "Hello from Lambda Managed Instances!",
        "event": request.payload,
    });
    Ok(json!({ "statusCode": 200, "body": body.to_string() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_runtime::Context;

    async fn body_of(event: Value) -> Value {
        let response = answer(LambdaEvent::new(event, Context::default())).await.unwrap();
        assert_eq!(response["statusCode"], 200);
        serde_json::from_str(response["body"].as_str().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn answers_with_the_event() {
        let event: Value = serde_json::from_str(include_str!("../events/sample.json")).unwrap();
        let body = body_of(event.clone()).await;
        assert_eq!(body["message"], "Hello from Lambda Managed Instances!");
        assert_eq!(body["event"], event);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn keeps_requests_apart() {
        let requests: Vec<_> = (0..100)
            .map(|id| tokio::spawn(async move { (id, body_of(json!({ "id": id })).await) }))
            .collect();
        for request in requests {
            let (id, body) = request.await.unwrap();
            assert_eq!(body["event"]["id"], id);
        }
    }
}
