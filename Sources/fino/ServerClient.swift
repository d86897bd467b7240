/// fino: talks to a running appliance over HTTP.

import ArgumentParser
import AsyncHTTPClient
import ControlAPI
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

struct ServerOptions: ParsableArguments {
  @Option(name: .long, help: "The appliance's URL. Default: FINO_SERVER, or http://127.0.0.1.")
  var server: String = ProcessInfo.processInfo.environment["FINO_SERVER"] ?? "http://127.0.0.1"

  func client() throws -> ServerClient {
    guard let url = URL(string: server), url.host != nil,
      url.scheme == "http" || url.scheme == "https"
    else {
      throw ValidationError("--server «\(server)» is not a URL such as http://10.0.0.2")
    }
    return ServerClient(root: server.hasSuffix("/") ? String(server.dropLast()) : server)
  }
}

/// What went wrong, as one sentence.
struct ServerProblem: Error, CustomStringConvertible {
  var description: String
}

struct ServerClient: Sendable {
  var root: String

  struct Reply {
    var status: HTTPResponseStatus
    var body: ByteBuffer
    var text: String { String(buffer: body) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
      guard let value = try? JSONDecoder().decode(type, from: Data(text.utf8)) else {
        throw ServerProblem(description: "the server's answer was not understood; is it Fino?")
      }
      return value
    }

    /// The server's own sentence, when it refused.
    var problem: ServerProblem {
      let answer = try? JSONDecoder().decode(ErrorAnswer.self, from: Data(text.utf8))
      return ServerProblem(description: answer?.error ?? "the server answered \(status)")
    }
  }

  /// A reimage waits for the BMC: the limit is above the server's own.
  func send(
    _ method: HTTPMethod, _ path: String, json: [String: String]? = nil
  ) async throws -> Reply {
    try await send(method, path, body: try json.map { try JSONEncoder().encode($0) })
  }

  func send(_ method: HTTPMethod, _ path: String, body: Data?) async throws -> Reply {
    var request = HTTPClientRequest(url: root + path)
    request.method = method
    request.headers.add(name: "Accept", value: "application/json")
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(data: body))
    }
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
      let body = try await response.body.collect(upTo: 64 << 20)
      return Reply(status: response.status, body: body)
    } catch {
      throw unreachable(error)
    }
  }

  /// The `data:` lines of a stream of server-sent events, until the server ends it.
  func follow(_ path: String, _ take: (String) throws -> Void) async throws {
    var request = HTTPClientRequest(url: root + path)
    request.headers.add(name: "Accept", value: "text/event-stream")
    let response: HTTPClientResponse
    do {
      response = try await HTTPClient.shared.execute(request, deadline: .distantFuture)
    } catch {
      throw unreachable(error)
    }
    guard response.status == .ok else {
      let body = try await response.body.collect(upTo: 1 << 20)
      throw Reply(status: response.status, body: body).problem
    }
    var rest = ""
    for try await piece in response.body {
      rest += String(buffer: piece)
      while let end = rest.firstIndex(of: "\n") {
        let line = rest[..<end]
        rest = String(rest[rest.index(after: end)...])
        if line.hasPrefix("data: ") { try take(String(line.dropFirst(6))) }
      }
    }
  }

  private func unreachable(_ error: any Error) -> any Error {
    if error is ServerProblem { return error }
    return ServerProblem(
      description:
        "no answer from \(root): \(error); is the appliance running, and is --server right?")
  }
}
