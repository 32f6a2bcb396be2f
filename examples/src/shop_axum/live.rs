//! A WebSocket. Browsers open one without asking by CORS, so the policy says `enforce`: a
//! page of another origin is rejected before the upgrade.

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use cors_axum::{Routes, cors, routes};

use crate::shop::{SHOP_LIVE, Shop};

pub(super) fn routes() -> Routes<Shop> {
    routes![live]
}

#[cors(policy = SHOP_LIVE)]
#[get("/live")]
async fn live(State(shop): State<Shop>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| answer(socket, shop))
}

/// Says how many are left of each product that is asked for.
async fn answer(mut socket: WebSocket, shop: Shop) {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(id) = message else { continue };
        let left = id.parse().ok().and_then(|id| shop.product(id)).map_or(0, |it| it.left);
        if socket.send(Message::Text(left.to_string().into())).await.is_err() {
            return;
        }
    }
}
