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
    let parts = parts
    if let parts {
      if let boundary = parts.boundary { headers[.contentType] = ImageAnswer.multipart(boundary) }
      headers[.contentLength] = String(parts.all.reduce(0) { $0 + $1.count })
    }
    let status = HTTPResponse.Status(code: image.status)
    guard !isHead else { return Response(status: status, headers: headers) }
    return Response(status: status, headers: headers, body: body(parts?.all, context))
  }

  /// Of an image that lies whole in the cache.
  private var parts: (all: [ImageAnswer.Part], boundary: String?)? {
    guard let stored = image.stored else { return nil }
    guard stored.ranges.count > 1 else { return (stored.ranges.map { .file($0) }, nil) }
    let boundary = ImageAnswer.boundary
    return (
      ImageAnswer.parts(
        stored.ranges, ofBytes: stored.image.file.size,
        image.contentType ?? "application/octet-stream", boundary), boundary
    )
  }

  private func body(
    _ parts: [ImageAnswer.Part]?, _ context: BootRequestContext
  ) -> ResponseBody {
    let length = parts.map { $0.reduce(0) { $0 + $1.count } } ?? image.contentLength
    let transfer = ImageTransfer(
      path: path, client: context.client, size: length ?? 0, range: 0..<(length ?? 0))
    let (image, report, channel) = (image, report, context.channel)
    return ResponseBody(contentLength: length) { writer in
      await report(.started(transfer))
      let start = ContinuousClock.now
      do {
        if let stored = image.stored, let parts {
          try await FileDelivery(channel: channel, image: stored.image).send(parts)
        } else {
          while let piece = try await image.body.nextPiece() {
            switch piece {
            case .bytes(let bytes): try await writer.write(bytes)
            case .file(let file, let range):
              try await FileDelivery(channel: channel, image: file).send(range)
            }
          }
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
