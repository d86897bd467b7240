/// Tests of Images: the page of a folder can't be made to say something else by a file's name.

import Foundation
import Testing

@testable import Images

@Suite struct DirectoryListingTests {
  private func page(_ names: String..., directories: [String] = [], at path: String = "/images/a/")
    -> String
  {
    DirectoryListing(
      entries: directories.map { .init(name: $0, isDirectory: true, size: 0) }
        + names.map { .init(name: $0, isDirectory: false, size: 7) }
    ).page(at: path)
  }

  @Test func filesHaveTheirSizeAndFoldersASlash() {
    let text = page("vmlinuz", directories: ["sub"])
    #expect(text.contains("<a href=\"vmlinuz\">vmlinuz</a>  7\n"))
    #expect(text.contains("<a href=\"sub/\">sub/</a>  -\n"))
  }

  @Test func onlyTheTopHasNoParent() {
    #expect(page().contains("href=\"../\""))
    #expect(!page(at: "/images/").contains("href=\"../\""))
  }

  @Test func namesAreEscaped() {
    let text = page("<script>alert(\"1\")&'.img")
    #expect(!text.contains("<script>"))
    #expect(text.contains("&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;.img"))
    #expect(text.contains("href=\"%3Cscript%3Ealert%28%221%22%29%26%27.img\""))
  }

  /// With a combining accent behind it, `<` is another character but the same scalar.
  @Test func scalarsAreEscapedNotCharacters() {
    let text = page("a<\u{301}b>\u{301}")
    #expect(text.contains("a&lt;\u{301}b&gt;\u{301}"))
  }

  @Test func linksAreRelativeWhateverTheNameIs() {
    let text = page("javascript:alert(1)", "//host", "a b?c#d%", "é")
    #expect(text.contains("href=\"javascript%3Aalert%281%29\""))
    #expect(text.contains("href=\"%2F%2Fhost\""))
    #expect(text.contains("href=\"a%20b%3Fc%23d%25\""))
    #expect(text.contains("href=\"%C3%A9\""))
  }

  @Test func thePathIsEscaped() {
    let text = page(at: "/images/<b>\"/")
    #expect(!text.contains("<b>"))
    #expect(text.contains("<title>Index of /images/&lt;b&gt;&quot;/</title>"))
  }
}
