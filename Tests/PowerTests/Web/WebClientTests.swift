/// PowerTests: certificates are checked before anything is sent; answers are bounded.

import Foundation
import NIOCore
import Synchronization
import Testing

@testable import Power

/// Remembers what it was asked.
private final class Listener: WebAsking {
  private let seen = Mutex<[WebQuestion]>([])
  private let answer: WebAnswer

  init(_ answer: WebAnswer = WebAnswer(status: 200, body: Array("{}".utf8))) {
    self.answer = answer
  }

  var questions: [WebQuestion] { seen.withLock { $0 } }

  func ask(_ question: WebQuestion) async throws(DriverError) -> WebAnswer {
    seen.withLock { $0.append(question) }
    return answer
  }
}

struct WebClientTests {
  private let clients = WebClients()

  private func ask(
    _ text: String, _ trust: CertificateTrust = .system, path: String = "/redfish/v1/"
  ) async throws -> WebAnswer {
    let address = try #require(WebAddress(text))
    return try await WebPeer(address: address, client: clients.client(for: trust)).ask(
      WebQuestion(method: .get, path: path, fields: [("Authorization", "Basic c2VjcmV0")]))
  }

  @Test(.enabled(if: TestCertificate.isPossible))
  func thePinnedCertificateIsEnough() async throws {
    let certificate = try TestCertificate()
    let listener = Listener()
    let server = try await WebServer.start(listener, certificate: certificate)
    let pin = try #require(CertificateFingerprint(certificate.fingerprint))
    let answer = try await ask("127.0.0.1:\(server.port)", .pinned(pin))
    #expect(answer.status == 200)
    #expect(listener.questions.count == 1)
    #expect("sha256 Fingerprint=\(pin)".lowercased() == certificate.fingerprint.lowercased())
    await server.stop()
  }

  @Test(.enabled(if: TestCertificate.isPossible))
  func anotherCertificateHearsNothing() async throws {
    let certificate = try TestCertificate()
    let listener = Listener()
    let server = try await WebServer.start(listener, certificate: certificate)
    let other = try #require(CertificateFingerprint(String(repeating: "ab", count: 32)))
    let error = await #expect(throws: DriverError.self) {
      try await ask("127.0.0.1:\(server.port)", .pinned(other))
    }
    #expect(error?.kind == .untrusted)
    let found = try #require(CertificateFingerprint(certificate.fingerprint))
    #expect(error?.sentence.contains("\(found)") == true)
    #expect(listener.questions.isEmpty)
    await server.stop()
  }

  @Test(.enabled(if: TestCertificate.isPossible))
  func aSelfSignedCertificateIsNotTrustedByItself() async throws {
    let listener = Listener()
    let server = try await WebServer.start(listener, certificate: try TestCertificate())
    let error = await #expect(throws: DriverError.self) {
      try await ask("127.0.0.1:\(server.port)")
    }
    #expect(error?.kind == .untrusted)
    #expect(error?.sentence.contains("fingerprint") == true)
    #expect(listener.questions.isEmpty)
    await server.stop()
  }

  @Test func redirectionsAreNotFollowed() async throws {
    let listener = Listener(
      WebAnswer(status: 302, fields: ["location": ["http://127.0.0.1:1/elsewhere"]]))
    let server = try await WebServer.start(listener)
    let answer = try await ask("http://127.0.0.1:\(server.port)")
    #expect(answer.status == 302)
    #expect(listener.questions.count == 1)
    await server.stop()
  }

  @Test func anEndlessAnswerIsAnError() async throws {
    let long = [UInt8](repeating: 0x20, count: WebPeer.bodyLimit + 1)
    let server = try await WebServer.start(Listener(WebAnswer(status: 200, body: long)))
    let error = await #expect(throws: DriverError.self) {
      try await ask("http://127.0.0.1:\(server.port)")
    }
    #expect(error?.kind == .malformed)
    await server.stop()
  }

  @Test func nobodyThereIsUnreachable() async throws {
    let server = try await WebServer.start(Listener())
    let port = server.port
    await server.stop()
    let error = await #expect(throws: DriverError.self) { try await ask("127.0.0.1:\(port)") }
    #expect(error?.kind == .unreachable)
    #expect(error?.sentence.contains("c2VjcmV0") == false)
  }

  @Test func addressesAsPeopleWriteThem() {
    let cases: [(String, String?)] = [
      ("10.0.0.7", "https://10.0.0.7"),
      ("BMC7.example.net:8443", "https://bmc7.example.net:8443"),
      ("https://bmc7/", "https://bmc7"),
      ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
      ("[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
      ("2001:db8::7", "https://[2001:db8::7]"),
      ("10.1", nil), ("", nil), ("bmc7:0", nil), ("bmc7:65536", nil), ("bmc7:", nil),
      ("ftp://bmc7", nil), ("user@bmc7", nil), ("bmc7/redfish", nil), ("bmc 7", nil),
      ("[2001:db8::7", nil), ("[::1]x", nil), ("-bmc", nil), ("bmc7\r\nX: y", nil),
    ]
    for (text, origin) in cases { #expect(WebAddress(text)?.origin == origin, "\(text)") }
    #expect(WebAddress("bmc7", port: 8443)?.port == 8443)
    #expect(WebAddress("bmc7:444", port: 8443)?.port == 444)
  }

  @Test func fingerprintsAsToolsPrintThem() {
    let digits = String(repeating: "0a", count: 32)
    let colons = Array(repeating: "0A", count: 32).joined(separator: ":")
    for text in [digits, colons, "SHA256 Fingerprint=\(colons)", "sha256:\(digits)"] {
      #expect(CertificateFingerprint(text)?.description == colons, "\(text)")
    }
    for text in ["", "0a", digits + "0a", String(repeating: "zz", count: 32)] {
      #expect(CertificateFingerprint(text) == nil, "\(text)")
    }
  }
}
