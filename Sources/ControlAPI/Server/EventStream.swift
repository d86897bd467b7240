/// ControlAPI: boot events as they happen, as server-sent events.

import Hummingbird
import Inventory
import ServiceLifecycle
import Wire

/// https://html.spec.whatwg.org/multipage/server-sent-events.html: `id:`, `event:`, `data:`, an empty
/// line. Ends when the appliance stops, so that a follower does not keep it up.
struct EventStream {
  var events: AsyncStream<BootEvent>
  var mac: MACAddress?

  var response: Response {
    let (events, mac) = (events, mac)
    let body = ResponseBody { writer in
      // A first line at once: the caller knows that it is connected.
      try await writer.write(ByteBuffer(string: ": following\n\n"))
      for await event in events.cancelOnGracefulShutdown() where mac == nil || event.mac == mac {
        let data = try Answer.text(EventRepresentation(event))
        try await writer.write(
          ByteBuffer(string: "id: \(event.id)\nevent: \(event.kind.rawValue)\ndata: \(data)\n\n"))
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: body)
  }
}
