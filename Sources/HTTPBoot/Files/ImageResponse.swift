/// HTTPBoot: a file of the images directory as an HTTP response.

import Hummingbird
import Images
import NIOCore

/// GET and HEAD of one image, with conditions and a range (RFC 9110 §13, §14).
struct ImageResponse {
  var file: ImageFile
  var path: String
  var source: BootSource

  func response(to request: Request, _ context: BootRequestContext) async throws -> Response {
    guard let image = OpenImage(file) else {
      await source.report(.missing(path: path, client: context.client))
      throw BootRefusal(.notFound, "there is no such image")
    }
    var question = FileRequest(request.headers)
    // RFC 9110 §14.2: a range is for GET alone.
    if request.method == .head { question.range = nil }
    var headers: HTTPFields = [
      .eTag: image.file.entityTag,
      .lastModified: HTTPDate(image.file.modified).description,
      .acceptRanges: "bytes",
      .cacheControl: "public, max-age=604800",
    ]
    let size = image.file.size
    switch question.answer(for: image.file) {
    case .notModified:
      return Response(status: .notModified, headers: headers)
    case .unsatisfiable:
      headers[.contentRange] = "bytes */\(size)"
      return Response(status: .rangeNotSatisfiable, headers: headers)
    case .preconditionFailed:
      throw BootRefusal(.preconditionFailed, "the image is another one now")
    case .whole:
      return body(of: image, 0..<size, .ok, headers, request, context)
    case .part(let range):
      headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
      return body(of: image, range, .partialContent, headers, request, context)
    }
  }

  private func body(
    of image: OpenImage, _ range: Range<Int>, _ status: HTTPResponse.Status, _ headers: HTTPFields,
    _ request: Request, _ context: BootRequestContext
  ) -> Response {
    var headers = headers
    headers[.contentType] = image.file.contentType
    headers[.contentLength] = String(range.count)
    guard request.method == .get else { return Response(status: status, headers: headers) }

    let transfer = ImageTransfer(
      path: path, client: context.client, size: image.file.size, range: range)
    let (delivery, report) = (
      FileDelivery(channel: context.channel, image: image), source.report
    )
    let body = ResponseBody(contentLength: range.count) { writer in
      await report(.started(transfer))
      let start = ContinuousClock.now
      do {
        try await delivery.send(range)
        try await writer.finish(nil)
        try await delivery.acknowledged()
      } catch {
        await report(.broken(transfer, reason: FileDelivery.reason(error)))
        throw error
      }
      await report(.delivered(transfer, duration: start.duration(to: .now)))
    }
    return Response(status: status, headers: headers, body: body)
  }
}
