/// HTTPBoot: a request that gets no boot file, with the reason as plain text.

package import Hummingbird
import NIOCore

/// iPXE waits and repeats a request that is refused with `Retry-After`, and hangs on an empty body
/// (Fixtures/captures/p2.pcap, p3.pcap), so there is always one.
package struct BootRefusal: HTTPResponseError {
  package var status: HTTPResponse.Status
  package var reason: String
  /// Seconds.
  package var retryAfter: Int?

  package init(_ status: HTTPResponse.Status, _ reason: String, retryAfter: Int? = nil) {
    self.status = status
    self.reason = reason
    self.retryAfter = retryAfter
  }

  package func response(from request: Request, context: some RequestContext) -> Response {
    var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
    headers[.retryAfter] = retryAfter.map(String.init)
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: reason + "\n")))
  }
}
