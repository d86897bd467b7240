/// HTTPBoot: an image of a mirror as an HTTP response, streamed through.

import Hummingbird
import Images
import NIOCore

struct RemoteImageResponse {
  var image: RemoteImage
  var path: String
  var report: @Sendable (ImageEvent) async -> Void

  func response(isHead: Bool, _ context: BootRequestContext) -> Response {
    var headers: HTTPFields = [.acceptRanges: "bytes"]
    headers[.contentType] = image.contentType ?? "application/octet-stream"
    headers[.contentLength] = image.contentLength.map(String.init)
    headers[.contentRange] = image.contentRange
    headers[.eTag] = image.entityTag
    headers[.lastModified] = image.lastModified
    let status = HTTPResponse.Status(code: image.status)
    guard !isHead else { return Response(status: status, headers: headers) }
    return Response(status: status, headers: headers, body: body(context))
  }

  private func body(_ context: BootRequestContext) -> ResponseBody {
    let length = image.contentLength ?? 0
    let transfer = ImageTransfer(
      path: path, client: context.client, size: length, range: 0..<length)
    let (image, report, channel) = (image, report, context.channel)
    return ResponseBody(contentLength: image.contentLength) { writer in
      await report(.started(transfer))
      let start = ContinuousClock.now
      do {
        if let stored = image.stored {
          try await FileDelivery(channel: channel, image: stored.image).send(stored.range)
        } else {
          for try await piece in image.body { try await writer.write(piece) }
        }
        try await writer.finish(nil)
      } catch {
        await report(.broken(transfer, reason: Self.reason(error)))
        throw error
      }
      await report(.delivered(transfer, duration: start.duration(to: .now)))
    }
  }

  private static func reason(_ error: any Error) -> String {
    (error as? RemoteImageError)?.description ?? FileDelivery.reason(error)
  }

  /// 304 and 416 are answers; the rest is a refusal with a sentence.
  static func refusal(_ error: RemoteImageError) throws -> Response {
    switch error.kind {
    case .notModified(let tag):
      var headers = HTTPFields()
      headers[.eTag] = tag
      return Response(status: .notModified, headers: headers)
    case .unsatisfiable(let size):
      return Response(
        status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(size)"])
    default: throw BootRefusal(.init(code: error.status), error.description)
    }
  }
}

extension FileRequest {
  /// The conditions of a request.
  init(_ headers: HTTPFields) {
    self.init(
      range: headers[.range], ifRange: headers[.ifRange], ifNoneMatch: headers[.ifNoneMatch],
      ifModifiedSince: headers[.ifModifiedSince], ifMatch: headers[.ifMatch],
      ifUnmodifiedSince: headers[.ifUnmodifiedSince])
  }
}
