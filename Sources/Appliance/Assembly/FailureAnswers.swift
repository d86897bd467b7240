/// Appliance: whatever goes wrong in a request handler is answered with a sentence.

import Foundation
import HTTPBoot
import Hummingbird
import Inventory
import Logging

/// An answer without a body tells nobody anything, and iPXE hangs on one.
struct FailureAnswers: RouterMiddleware {
  typealias Context = BootRequestContext

  var logger: Logger

  func handle(
    _ request: Request, context: Context,
    next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError {
      var response = answer(request, error.status, error.body ?? sentence(error.status, request))
      response.headers[.allow] = error.headers[.allow]
      return response
    } catch let error as any HTTPResponseError {
      throw error
    } catch let error as InventoryError {
      logger.error("\(error)")
      return answer(request, .serviceUnavailable, error.description)
    } catch {
      logger.error("\(request.method) \(request.uri.path): \(error)")
      return answer(request, .internalServerError, "the appliance failed: \(error)")
    }
  }

  private func sentence(_ status: HTTPResponse.Status, _ request: Request) -> String {
    switch status {
    case .notFound: "there is nothing at \(request.method) \(request.uri.path)"
    case .methodNotAllowed: "\(request.uri.path) has no \(request.method)"
    case .contentTooLarge: "the body is too large"
    default: status.reasonPhrase
    }
  }

  private func answer(
    _ request: Request, _ status: HTTPResponse.Status, _ sentence: String
  ) -> Response {
    let wantsJSON = request.headers[.accept]?.contains("application/json") == true
    let encoded = try? JSONEncoder().encode(["error": sentence])
    let body = wantsJSON ? encoded.map { String(decoding: $0, as: UTF8.self) } : nil
    return Response(
      status: status,
      headers: [
        .contentType: body == nil ? "text/plain; charset=utf-8" : "application/json"
      ], body: ResponseBody(byteBuffer: ByteBuffer(string: (body ?? sentence) + "\n")))
  }
}
