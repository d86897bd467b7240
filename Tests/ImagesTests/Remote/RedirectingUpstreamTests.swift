/// Tests of Images: redirects are followed, ten and no more, and tell nobody a password.

import Testing

@testable import Images

@Suite struct RedirectingUpstreamTests {
  private func redirect(_ status: Int, to location: String?) -> FakeUpstream.Answer {
    var head = UpstreamHead(status: status)
    head.location = location
    return .init(head: head)
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func isFollowed(_ status: Int) async throws {
    let fake = FakeUpstream { request, number in
      number == 1 ? self.redirect(status, to: "/there") : MirrorFile(10).answer(request)
    }
    var request = UpstreamRequest(url: try RemoteURL("http://u:p@mirror/here"))
    request.head = true
    request.conditions.range = "bytes=1-"
    let response = try await RedirectingUpstream(fake).fetch(request)
    #expect(response.head.status == 206)
    #expect(fake.requests.map(\.url.plain) == ["http://mirror/here", "http://mirror/there"])
    #expect(fake.requests.allSatisfy { $0.head && $0.conditions == request.conditions })
    #expect(fake.requests.allSatisfy { $0.url.credentials != nil })
  }

  @Test func tenAreFollowedElevenAreNot() async throws {
    for hops in [10, 11] {
      let fake = FakeUpstream { request, number in
        number <= hops
          ? self.redirect(302, to: "http://mirror/\(number)") : MirrorFile(10).answer(request)
      }
      let request = UpstreamRequest(url: try RemoteURL("http://mirror/0"))
      if hops == 10 {
        #expect(try await RedirectingUpstream(fake).fetch(request).head.status == 200)
      } else {
        await #expect(throws: RemoteImageError.self) {
          try await RedirectingUpstream(fake).fetch(request)
        }
      }
      #expect(fake.requests.count == 11)
    }
  }

  @Test func anotherHostIsToldNoPassword() async throws {
    let fake = FakeUpstream { request, number in
      switch number {
      case 1: self.redirect(302, to: "http://other/x")
      case 2: self.redirect(302, to: "http://mirror/back")
      default: MirrorFile(10).answer(request)
      }
    }
    let url = try RemoteURL("http://u:p@mirror/here")
    _ = try await RedirectingUpstream(fake).fetch(UpstreamRequest(url: url))
    #expect(fake.requests.map { $0.url.credentials != nil } == [true, false, false])
  }

  @Test(arguments: [nil, "ftp://user:secret@other/x"])
  func aRedirectToNowhereIsATrouble(_ location: String?) async throws {
    let fake = FakeUpstream { _, _ in self.redirect(302, to: location) }
    let url = try RemoteURL("http://mirror/here")
    do {
      _ = try await RedirectingUpstream(fake).fetch(UpstreamRequest(url: url))
      Issue.record("followed")
    } catch {
      #expect(error.kind == .upstream)
      #expect(!"\(error)".contains("secret"))
    }
  }
}
