/// Tests of Images: URLs never show their passwords.

import Testing

@testable import Images

@Suite struct RemoteURLTests {
  @Test func credentialsAreKeptApart() throws {
    let url = try RemoteURL("http://user:p%40ss@Mirror.Example:8080/a/b?c=d#e")
    #expect(url.plain == "http://Mirror.Example:8080/a/b?c=d")
    #expect(url.description == "http://***@Mirror.Example:8080/a/b?c=d")
    #expect(url.credentials == .init(user: "user", password: "p@ss"))
    #expect(url.credentials?.basic == "Basic dXNlcjpwQHNz")
    #expect((url.scheme, url.host, url.port) == ("http", "mirror.example", 8080))
  }

  @Test func portsHaveDefaults() throws {
    #expect(try RemoteURL("http://a/").port == 80)
    #expect(try RemoteURL("HTTPS://a/").port == 443)
    #expect(try RemoteURL("http://[::1]:81/x").host == "::1")
  }

  @Test(arguments: [
    "", "vmlinuz", "/vmlinuz", "ftp://host/x", "file:///etc/passwd", "http://", "http:///x",
    "http://host:99999/", "http://host:0/", "javascript:alert(1)",
  ])
  func otherThingsAreRefused(_ text: String) {
    #expect(throws: RemoteImageError.self) { try RemoteURL(text) }
  }

  @Test(arguments: [
    "ftp://user:secret@host/x", "user:secret@host", "http://user:sec/ret@/x", "://u:secret@",
    "http://user:secret@host:0/x\n",
  ])
  func refusalsHideThemToo(_ text: String) {
    do {
      _ = try RemoteURL(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect(!"\(error)".contains("sec"))
      #expect("\(error)".contains("***@"))
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test(arguments: [
    ("/other", "http://mirror/other", true), ("x", "http://mirror/dir/x", true),
    ("?q", "http://mirror/dir/file?q", true), ("../y", "http://mirror/y", true),
    ("http://mirror/z", "http://mirror/z", true), ("//mirror/z", "http://mirror/z", true),
    ("http://MIRROR:80/z", "http://MIRROR:80/z", true),
    ("http://other/z", "http://other/z", false),
    ("http://mirror:81/z", "http://mirror:81/z", false),
    ("https://mirror/z", "https://mirror/z", false),
    ("http://mirror.evil/z", "http://mirror.evil/z", false),
  ])
  func credentialsStayWithTheirOrigin(_ location: String, _ plain: String, _ kept: Bool) throws {
    let url = try RemoteURL("http://u:p@mirror/dir/file")
    let next = try #require(url.redirected(to: location))
    #expect(next.plain == plain)
    #expect((next.credentials != nil) == kept)
  }

  @Test func aRedirectMayBringItsOwn() throws {
    let next = try RemoteURL("http://u:p@mirror/").redirected(to: "http://a:b@other/")
    #expect(next?.credentials == .init(user: "a", password: "b"))
  }

  @Test(arguments: ["ftp://mirror/x", "file:///etc/passwd", "http://", "mailto:x"])
  func redirectsToOtherThingsAreRefused(_ location: String) throws {
    #expect(try RemoteURL("http://mirror/").redirected(to: location) == nil)
  }
}
