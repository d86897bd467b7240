/// HTTPBoot: a file as an answer of the router: boot programs, and images where the desk is not asked.

import HTTPTypes
import Hummingbird
import Images
import NIOCore

/// GET and HEAD of one file, with conditions and ranges.
struct ImageResponse {
  var file: ImageFile
  var path: String
  var source: BootSource

  func response(to request: Request, _ context: BootRequestContext) async throws -> Response {
    guard let image = OpenImage(file) else {
      await source.report(.missing(path: path, client: context.client))
      throw BootRefusal(.notFound, "there is no such image")
    }
    let isHead = request.method == .head
    let answer = ImageAnswer(
      to: FileRequest(request.headers), isHead: isHead, of: image.file,
      lastModified: image.lastModified,
      boundary: ImageAnswer.boundary)
    var headers = HTTPFields()
    for field in answer.headers {
      if let name = HTTPField.Name(field.name) { headers[name] = field.value }
    }
    let status = HTTPResponse.Status(code: answer.status)
    guard let range = answer.range, !isHead else {
      let text = answer.parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
      return Response(
        status: status, headers: headers,
        body: text.isEmpty
          ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
    let transfer = ImageTransfer(
      path: path, client: context.client, size: image.file.size, range: range)
    return Response(
      status: status, headers: headers,
      body: body(of: transfer, answer.parts, FileDelivery(channel: context.channel, image: image)))
  }

  private func body(
    of transfer: ImageTransfer, _ parts: [ImageAnswer.Part], _ delivery: FileDelivery
  ) -> ResponseBody {
    let report = source.report
    return ResponseBody(contentLength: parts.reduce(0) { $0 + $1.count }) { writer in
      await report(.started(transfer))
      let start = ContinuousClock.now
      do {
        try await delivery.send(parts)
        try await writer.finish(nil)
        try await delivery.acknowledged()
      } catch {
        await report(.broken(transfer, reason: FileDelivery.reason(error)))
        throw error
      }
      await report(.delivered(transfer, duration: start.duration(to: .now)))
    }
  }
}
