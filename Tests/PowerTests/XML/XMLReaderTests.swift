/// PowerTests: the XML reader takes what libvirt and vSphere send, and nothing that is more.

import Testing

@testable import Power

struct XMLReaderTests {
  private func events(_ text: String) throws -> [XMLReader.Event] {
    var reader = XMLReader(Array(text.utf8))
    var events: [XMLReader.Event] = []
    while let event = try reader.next() { events.append(event) }
    return events
  }

  @Test func elementsAttributesAndText() throws {
    let text = """
      <?xml version="1.0"?>
      <!-- <b> --><a:b c='1' d = "&lt;&#65;&#x42;">x &amp; y<![CDATA[<z> & ]]]]><e/></a:b>

      """
    #expect(
      try events(text) == [
        .start(
          name: "a:b",
          attributes: [XMLAttribute(name: "c", value: "1"), XMLAttribute(name: "d", value: "<AB")]),
        .text("x & y"), .text("<z> & ]]"), .start(name: "e", attributes: []), .end(name: "e"),
        .end(name: "a:b"),
      ])
  }

  @Test func whatIsNotWellFormedIsAnError() {
    for text in [
      "", "text", "<a>", "<a", "</a>", "<a></b>", "<a/><b/>", "<a/>x", "<a b></a>", "<a b=1/>",
      "<a b='1' b='2'/>", "<a b='<'/>", "<a>&unknown;</a>", "<a>&amp</a>", "<a>&#0;</a>",
      "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&;</a>", "<1/>", "< a/>", "<a><!-- </a>",
      "<a><![CDATA[ </a>", "<![CDATA[x]]><a/>", "<a b='1'c='2'/>", "<a/",
      "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a><!ELEMENT b></a>",
    ] {
      #expect(throws: XMLReader.Problem.self, "\(text)") { try events(text) }
    }
    var reader = XMLReader(Array("<a>".utf8) + [0xff] + Array("</a>".utf8))
    #expect(throws: XMLReader.Problem.self) { while try reader.next() != nil {} }
  }

  @Test func everyProperPrefixOfADocumentIsAnError() {
    let bytes = Array("<a b='&amp;'><c>x&lt;y</c><!-- z --><![CDATA[d]]><e f=\"1\"/></a>".utf8)
    for count in 0..<bytes.count {
      #expect(throws: XMLReader.Problem.self) {
        try XMLElement(parsing: Array(bytes.prefix(count)))
      }
    }
  }

  @Test func nestingAndCountAreBounded() throws {
    let deep = XMLReader.depthLimit
    func nested(_ count: Int) -> String {
      String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
    }
    _ = try events(nested(deep))
    #expect(throws: XMLReader.Problem.self) { try events(nested(deep + 1)) }
    let many = "<a>" + String(repeating: "<b/>", count: XMLElement.countLimit) + "</a>"
    #expect(throws: XMLReader.Problem.self) { try XMLElement(parsing: Array(many.utf8)) }
  }

  @Test func rangesAreWhereTheElementsStand() throws {
    let text = "<a> <b>x</b><c/></a>"
    let root = try XMLElement(parsing: Array(text.utf8))
    let utf8 = Array(text.utf8)
    func cut(_ range: Range<Int>) -> String { String(decoding: utf8[range], as: UTF8.self) }
    #expect(cut(root.range) == text)
    #expect(root.child("b").map { cut($0.range) } == "<b>x</b>")
    #expect(root.child("b")?.inside.map(cut) == "x")
    #expect(root.child("c").map { cut($0.range) } == "<c/>")
    #expect(root.child("c")?.inside == nil)
  }

  @Test func escapedTextComesBack() throws {
    for text in ["", "a<b>&'\"c", "]]>", "\t\n\r", "Ünïcode 😀"] {
      let xml = "<a b=\"\(text.xmlEscaped)\">\(text.xmlEscaped)</a>"
      let element = try XMLElement(parsing: Array(xml.utf8))
      #expect(element.text == text)
      #expect(element.attribute("b") == text)
    }
    // What XML cannot carry does not come through as something else.
    #expect("a\u{0}b\u{1b}c".xmlEscaped == "abc")
  }

  /// Nothing that is changed or missing traps, here and in what is built on it.
  @Test func damagedDocumentsDoNotTrap() {
    let text =
      "<?xml version='1.0'?><domain a='&#65;'><metadata><x:boot-order xmlns:x='urn:fino:boot-order:1'"
      + " os='hd' devices='1,2'/></metadata><os><boot dev='hd'/></os><devices><disk><boot order='1'/>"
      + "</disk><!-- c --><interface><![CDATA[d]]></interface></devices></domain>"
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      for value: UInt8 in [0, 0x20, 0x22, 0x26, 0x2f, 0x3b, 0x3c, 0x3e, 0x80, 0xff] {
        var damaged = bytes
        damaged[index] = value
        _ = try? XMLElement(parsing: damaged)
        let order = try? DomainBootOrder(String(decoding: damaged, as: UTF8.self))
        _ = order?.restored()
        _ = try? order?.putting("network", persistent: false)
      }
      var shorter = bytes
      shorter.remove(at: index)
      _ = try? XMLElement(parsing: shorter)
    }
  }
}
