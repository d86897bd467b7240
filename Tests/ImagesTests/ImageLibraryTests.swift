/// Tests of Images: nothing outside the images directory can be reached.

import Foundation
import Images
import Testing

@Suite struct ImageLibraryTests {
  private let outside: TemporaryDirectory
  private let library: ImageLibrary

  init() throws {
    outside = try TemporaryDirectory()
    try outside.write("secret")
    try outside.write("images-old/vmlinuz")
    try outside.write("\u{301}x")
    try outside.write("images/debian/vmlinuz", [1, 2, 3, 4])
    try outside.write("images/debian/initrd.img", [5, 6])
    try outside.write("images/debian/.hidden")
    try outside.write("images/empty-kernel/vmlinuz", [])
    try outside.write("images/empty-kernel/initrd.img")
    try outside.write("images/only-initrd/initrd.img")
    try outside.write("images/readme.txt")
    try outside.link("images/debian/inside", to: "vmlinuz")
    try outside.link("images/debian/escape", to: "../../secret")
    try outside.link("images/absolute", to: "/etc")
    try outside.link("images/sibling", to: "../images-old")
    try outside.link("images/broken", to: "nowhere")
    try outside.link("images/circle", to: "circle")
    try outside.link("images/debian-latest", to: "debian")
    library = ImageLibrary(root: outside.path + "/images")
  }

  private func size(_ path: String) -> Int? {
    guard case .file(let file) = library.item(at: path) else { return nil }
    return file.size
  }

  private func names(_ path: String) -> [String]? {
    guard case .directory(let listing) = library.item(at: path) else { return nil }
    return listing.entries.map(\.name)
  }

  @Test func filesAndFoldersAreFound() {
    #expect(size("debian/vmlinuz") == 4)
    #expect(size("debian//vmlinuz") == 4)
    #expect(size("/debian/vmlinuz") == 4)
    #expect(size("debian/inside") == 4)
    #expect(size("debian-latest/initrd.img") == 2)
    #expect(size("debian/nothing") == nil)
    #expect(names("debian") == ["initrd.img", "inside", "vmlinuz"])
  }

  /// What a link leads out of the root is not shown either.
  @Test func theRootIsListed() {
    let expected = ["debian", "debian-latest", "empty-kernel", "only-initrd", "readme.txt"]
    #expect(names("") == expected)
    #expect(names("/") == expected)
  }

  @Test(arguments: [
    "..", "../secret", "debian/../../secret", "debian/..", "./debian/vmlinuz", "debian/.",
    "../images-old/vmlinuz", "debian/escape", "absolute/passwd", "absolute", "sibling",
    "sibling/vmlinuz", "broken", "circle", "debian/vmlinuz\0", "\0", "debian\n", "de\u{7f}bian",
    "debian\r\n/vmlinuz", "../\u{301}x", "debian/../../\u{301}x", "debian/../\u{301}",
  ])
  func nothingElseIsReached(_ path: String) {
    #expect(library.item(at: path) == nil)
  }

  @Test func aRootThatIsNotThereHasNothing() {
    let library = ImageLibrary(root: outside.path + "/gone")
    #expect(library.item(at: "") == nil)
    #expect(library.locations() == [])
  }

  /// A sibling whose name only looks the same (composed and decomposed é) is outside.
  @Test func canonicallyEqualIsNotEqual() throws {
    try outside.write("caf\u{e9}/one")
    try outside.write("cafe\u{301}/two")
    try outside.link("caf\u{e9}/link", to: "../cafe\u{301}/two")
    let library = ImageLibrary(root: outside.path + "/caf\u{e9}")
    #expect(library.item(at: "one") != nil)
    #expect(library.item(at: "link") == nil)
  }

  @Test func locationsAreThoseThatCanBeInstalledFrom() {
    #expect(library.locations() == ["debian", "debian-latest"])
  }

  @Test func aLocationThatIsFineHasNoProblem() {
    #expect(library.problem(withLocation: "debian") == nil)
  }

  @Test func aMissingFileIsNamed() {
    let root = library.root
    #expect(
      library.problem(withLocation: "only-initrd")
        == "location «only-initrd» has no vmlinuz: put \(root)/only-initrd/vmlinuz there")
    #expect(
      library.problem(withLocation: "empty-kernel")
        == "location «empty-kernel» has no vmlinuz: put \(root)/empty-kernel/vmlinuz there")
    let both = library.problem(withLocation: "nowhere")
    #expect(both?.contains("no vmlinuz and no initrd.img") == true)
  }

  @Test(arguments: ["", "..", "../images", "/debian", "debian/", "a//b", ".", "a\0b", "a\nb"])
  func aLocationIsTheNameOfAFolder(_ location: String) throws {
    let problem = try #require(library.problem(withLocation: location))
    #expect(problem.hasSuffix("is not the name of a folder below the images directory"))
    #expect(!problem.unicodeScalars.contains { $0.value < 0x20 })
  }
}
