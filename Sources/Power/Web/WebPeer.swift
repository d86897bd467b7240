/// Power: one web service, asked over AsyncHTTPClient.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

struct WebPeer: WebAsking {
  var address: WebAddress
  var client: WebClient

  /// For one question and its answer.
  static let questionLimit = TimeAmount.seconds(30)
  /// No answer that anybody here reads is longer.
  static let bodyLimit = 4 << 20

  func ask(_ question: WebQuestion) async throws(DriverError) -> WebAnswer {
    var request = HTTPClientRequest(url: address.origin + question.path)
    request.method = HTTPMethod(rawValue: question.method.rawValue)
    request.headers.add(name: "User-Agent", value: "fino")
    for field in question.fields { request.headers.add(name: field.name, value: field.value) }
    if !question.body.isEmpty { request.body = .bytes(question.body) }
    do {
      let response = try await client.http.execute(
        request, deadline: .now() + Self.questionLimit)
      let body = try await response.body.collect(upTo: Self.bodyLimit)
      var fields: [String: [String]] = [:]
      for (name, value) in response.headers { fields[name.lowercased(), default: []].append(value) }
      return WebAnswer(
        status: Int(response.status.code), fields: fields, body: Array(body.readableBytesView))
    } catch {
      throw DriverError(web: error, address)
    }
  }
}

extension DriverError {
  /// What AsyncHTTPClient and what is below it throw.
  fileprivate init(web error: any Error, _ address: WebAddress) {
    switch error {
    case let mismatch as CertificateMismatch:
      let found = mismatch.found.map { "has the SHA-256 fingerprint \($0)" } ?? "is missing"
      self.init(
        .untrusted,
        "its certificate is not the configured one (it \(found)); nothing was sent to it")
    case is CancellationError:
      self = .cancelled
    case is NIOTooManyBytesError:
      self.init(.malformed, "its answer is longer than \(WebPeer.bodyLimit) bytes")
    case let error as HTTPClientError where error == .cancelled:
      self = .cancelled
    case let error as HTTPClientError where error == .connectTimeout:
      self.init(.unreachable, "no connection to \(address) within \(WebClient.connectLimit)")
    case let error as HTTPClientError where error == .deadlineExceeded:
      self.init(.unreachable, "no answer from \(address) within 30 seconds")
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      self.init(.unreachable, "\(address) closed the connection without an answer")
    case let error as NIOConnectionError:
      let why = error.connectionErrors.first.map { "\($0.error)" }
      self.init(
        .unreachable, "no connection to \(address): \(why ?? "the name has no address")")
    case let error as NIOSSLError:
      self.init(tls: "\(error)", address)
    case let error as NIOSSLExtraError:
      self.init(tls: "\(error)", address)
    case let error as BoringSSLError:
      self.init(tls: "\(error)", address)
    default:
      self.init(.unreachable, "\(address): \(error)")
    }
  }

  private init(tls text: String, _ address: WebAddress) {
    if text.uppercased().contains("CERTIFICATE_VERIFY_FAILED")
      || text.contains("failedToValidateHostname")
    {
      self.init(
        .untrusted,
        "no authority that this machine trusts vouches for the certificate of \(address); "
          + "configure its SHA-256 fingerprint (openssl s_client -connect … | openssl x509 "
          + "-noout -fingerprint -sha256)")
    } else {
      self.init(.unreachable, "no TLS with \(address): \(text)")
    }
  }
}
