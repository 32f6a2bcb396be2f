//! A WebSocket. Browsers open one without asking by CORS, so the policy says `enforce`: a
//! page of another origin is rejected before the upgrade.

use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpRequest, HttpResponse, get, rt};
use actix_ws::{Message, MessageStream, Session};
use cors_actix::{Routes, cors, routes};

use crate::shop::{SHOP_LIVE, Shop};

pub(super) fn routes() -> Routes {
    routes![live]
}

#[cors(policy = SHOP_LIVE)]
#[get("/live")]
async fn live(
    shop: Data<Shop>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    let (response, session, messages) = actix_ws::handle(&request, payload)?;
    rt::spawn(answer(session, messages, shop));
    Ok(response)
}

/// Says how many are left of each product that is asked for.
async fn answer(mut session: Session, mut messages: MessageStream, shop: Data<Shop>) {
    while let Some(Ok(message)) = messages.recv().await {
        let Message::Text(id) = message else { continue };
        let left = id.parse().ok().and_then(|id| shop.product(id)).map_or(0, |it| it.left);
        if session.text(left.to_string()).await.is_err() {
            return;
        }
    }
}
