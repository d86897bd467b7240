/// JinjaTests: one case of Fixtures/jinja, and what our engine makes of it.

import Fixtures
import Jinja

struct ReferenceCase {
  let template: String
  let context: JinjaDictionary
  let settings: JinjaDictionary
  let templates: [String: String]
  let output: String?
  let error: String?
  let line: Int?

  static let sharedContext: JinjaDictionary = {
    guard let bytes = try? Fixtures.bytes("jinja/cases/shared.json"),
      case .dict(let context)? = try? JinjaValue(
        parsingJSON: String(decoding: bytes, as: UTF8.self))
    else { return [:] }
    return context
  }()

  static func sections() throws -> [String] {
    let bytes = try Fixtures.bytes("jinja/cases/sections.txt")
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  static func all(in section: String) throws -> [ReferenceCase] {
    let bytes = try Fixtures.bytes("jinja/cases/\(section).jsonl")
    return try bytes.split(separator: UInt8(ascii: "\n")).map {
      try ReferenceCase(json: String(decoding: $0, as: UTF8.self))
    }
  }

  init(json: String) throws {
    guard case .dict(let object) = try JinjaValue(parsingJSON: json) else {
      throw BrokenCase(text: json)
    }
    template = object["template"]?.text ?? ""
    if case .dict(let context)? = object["context"] {
      self.context = context
    } else {
      context = Self.sharedContext
    }
    if case .dict(let settings)? = object["settings"] {
      self.settings = settings
    } else {
      settings = [:]
    }
    var templates: [String: String] = [:]
    if case .dict(let sources)? = object["templates"] {
      for (name, source) in sources { templates[name] = source.text }
    }
    self.templates = templates
    output = object["output"]?.text
    error = object["error"]?.text
    line = if case .int(let line)? = object["line"] { line } else { nil }
  }

  var environment: JinjaEnvironment {
    var settings = JinjaSettings()
    settings.trimBlocks = self.settings["trim_blocks"] == true
    settings.lstripBlocks = self.settings["lstrip_blocks"] == true
    settings.keepTrailingNewline = self.settings["keep_trailing_newline"] == true
    settings.strictUndefined = self.settings["strict_undefined"] == true
    settings.autoescape = self.settings["autoescape"] == true
    settings.lineStatementPrefix = self.settings["line_statement_prefix"]?.text
    settings.lineCommentPrefix = self.settings["line_comment_prefix"]?.text
    settings.blockStart = self.settings["block_start_string"]?.text ?? "{%"
    settings.blockEnd = self.settings["block_end_string"]?.text ?? "%}"
    settings.variableStart = self.settings["variable_start_string"]?.text ?? "{{"
    settings.variableEnd = self.settings["variable_end_string"]?.text ?? "}}"
    settings.commentStart = self.settings["comment_start_string"]?.text ?? "{#"
    settings.commentEnd = self.settings["comment_end_string"]?.text ?? "#}"
    if case .list(let extensions)? = self.settings["extensions"] {
      settings.allowsDo = extensions.contains("do")
      settings.allowsLoopControls = extensions.contains("loopcontrols")
    }
    let templates = templates
    return JinjaEnvironment(settings: settings) { templates[$0] }
  }

  /// nil where we answer what Jinja2 answered, else what is different.
  var difference: String? {
    do throws(JinjaError) {
      let rendered = try environment.compile(template, name: "").render(context)
      guard let output else {
        return "\(template.debugDescription): Jinja2 fails (\(error ?? "")), we write «\(rendered)»"
      }
      if rendered.utf8.elementsEqual(output.utf8) { return nil }
      return "\(template.debugDescription): Jinja2 writes «\(output)», we write «\(rendered)»"
    } catch {
      if error.kind.rawValue == self.error, line == nil || line == error.line { return nil }
      let wanted = output ?? "\(self.error ?? "") in line \(line ?? 0)"
      return "\(template.debugDescription): Jinja2: «\(wanted)», we fail (\(error.kind)): \(error)"
    }
  }
}

/// A line of the fixtures that is no JSON object.
struct BrokenCase: Error {
  let text: String
}

extension JinjaValue {
  var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }
}

/// A difference that is meant to be.
struct KnownDifference {
  let part: String?
  let isSlice: Bool
  let reason: String

  static func all() throws -> [KnownDifference] {
    let bytes = try Fixtures.bytes("jinja/differences.jsonl")
    return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      guard
        case .dict(let object) = try JinjaValue(
          parsingJSON: String(decoding: line, as: UTF8.self))
      else { throw BrokenCase(text: String(decoding: line, as: UTF8.self)) }
      return KnownDifference(
        part: object["contains"]?.text, isSlice: object["slice"] == true,
        reason: object["reason"]?.text ?? "")
    }
  }

  func covers(_ template: String) -> Bool {
    if let part { return template.contains(part) }
    return isSlice
      && (template.contains("[:") || template.contains(":]") || template.contains("[1:3]"))
      && [" and ", " or ", " if "].contains { template.contains($0) }
  }
}
