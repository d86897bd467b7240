/// Inventory: what a new machine says of itself, and the record that is made of it.

private import Jinja

/// From `GET /ipxe/register/<id>?manufacturer=…`: SMBIOS texts, written by whoever built the
/// machine and sent by whoever asks.
package struct Registration: Equatable, Sendable {
  package static let fields = ["manufacturer", "product", "serial", "asset", "hostname"]

  private let given: [(field: String, text: String)]

  /// Other keys are ignored. iPXE sends an empty text for what the machine doesn't know.
  package init(_ texts: [(key: String, value: String)]) {
    given = Self.fields.compactMap { field in
      texts.last { $0.key == field && !$0.value.isEmpty }.map { (field, $0.value) }
    }
  }

  package static func == (a: Registration, b: Registration) -> Bool {
    a.given.elementsEqual(b.given, by: ==)
  }

  /// Parameters are templates; a machine must not write any.
  func parameters(of id: String) throws(CatalogueError) -> Parameters {
    var result: Parameters = ["groups": [.string(SpecialHost.default)]]
    for (field, text) in given {
      guard !TemplateText.hasMark(text) else { throw .notPlainText(host: id, field: field) }
      result[field] = .string(text)
    }
    return result
  }
}
