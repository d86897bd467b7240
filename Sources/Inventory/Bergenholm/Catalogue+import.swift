/// Inventory: `fino import bergenholm DIR`, all of it or nothing.

private import Jinja

extension Catalogue {
  /// Records that are there with other contents are a problem, unless they are to be replaced.
  package func importRecords(
    _ files: BergenholmFiles, replacing: Bool = false
  ) async throws(CatalogueError) -> ImportReport {
    var (report, changes) = ImportReport.plan(files, onto: snapshot, replacing: replacing)
    guard report.isDone else { return report }
    var future = snapshot
    future.add(changes)
    report.warnings += future.warnings(about: files)
    if !changes.isEmpty { try await change(changes) }
    return report
  }
}

extension ImportReport {
  static func plan(
    _ files: BergenholmFiles, onto snapshot: CatalogueSnapshot, replacing: Bool
  ) -> (ImportReport, [StateChange]) {
    var report = ImportReport()
    report.warnings = files.skipped
    report.problems = files.problems
    var changes: [StateChange] = []
    for file in files.files {
      let stored = snapshot.stored(file.kind, file.name)
      let value = file.value(over: stored?.parameters)
      if value.hasMask {
        report.warnings.append(
          "\(file.path) has \"***\" in the place of a password: write the password anew.")
      }
      guard let stored else {
        report.created.append(file.path)
        changes.append(file.change(value.bytes, expected: .absent))
        continue
      }
      if stored.value == value.bytes {
        report.unchanged.append(file.path)
      } else if replacing {
        report.replaced.append(file.path)
        changes.append(file.change(value.bytes, expected: .revision(stored.revision)))
      } else {
        report.problems.append(
          """
          \(file.path): there is a \(file.kind.rawValue) "\(file.name)" already, and it is \
          different. Ask for it to be replaced, or delete it first.
          """)
      }
    }
    return (report, changes)
  }
}

extension BergenholmFiles.File {
  /// The value to store over what is there, and whether a password is missing in it.
  fileprivate func value(over former: Parameters?) -> (bytes: [UInt8], hasMask: Bool) {
    guard kind != .template, let own = try? JSONParser.parameters(value) else {
      return (value, false)
    }
    let whole = Secrets.restored(own, from: former ?? [:])
    return (JSONWriter.bytes(.dict(whole)), Secrets.hasMask(whole))
  }

  fileprivate func change(_ value: [UInt8], expected: StateExpectation) -> StateChange {
    StateChange(key: kind.key(name), value: value, expected: expected)
  }
}

extension CatalogueSnapshot {
  fileprivate struct Stored {
    let value: [UInt8]
    let parameters: Parameters?
    let revision: Int
  }

  fileprivate func stored(_ kind: RecordKind, _ name: String) -> Stored? {
    switch kind {
    case .host:
      hosts[name].map {
        Stored(
          value: JSONWriter.bytes(.dict($0.parameters)), parameters: $0.parameters,
          revision: $0.revision)
      }
    case .group:
      groups[name].map {
        Stored(
          value: JSONWriter.bytes(.dict($0.parameters)), parameters: $0.parameters,
          revision: $0.revision)
      }
    case .template:
      templates[name].map { Stored(value: $0.bytes, parameters: nil, revision: $0.revision) }
    }
  }

  /// As it would be with these.
  fileprivate mutating func add(_ changes: [StateChange]) {
    let entries = changes.compactMap { change in
      change.value.map { StateEntry(key: change.key, value: $0, revision: revision) }
    }
    apply(StateUpdate(revision: revision, contents: .changes(put: entries, deleted: [])))
  }

  /// What is imported and will not work: groups and scripts that are missing.
  fileprivate func warnings(about files: BergenholmFiles) -> [String] {
    var warnings: [String] = []
    for file in files.files {
      let own: Parameters?
      switch file.kind {
      case .host: own = hosts[file.name]?.parameters
      case .group: own = groups[file.name]?.parameters
      case .template:
        if templates[file.name]?.text == nil {
          warnings.append("\(file.path) is not text in UTF-8: it can't be rendered.")
        }
        own = nil
      }
      guard let own else { continue }
      let origin = file.kind == .host ? ParameterOrigin.host(file.name) : .group(file.name)
      do throws(ParameterError) {
        _ = try Inheritance(of: origin, own) { groups[$0]?.parameters }
      } catch {
        warnings.append("\(file.path): \(error)")
      }
      if case .string(let script)? = own["ipxe_script"], !TemplateText.hasMark(script),
        templates[script] == nil
      {
        warnings.append("\(file.path): there is no template \"\(script)\" for its ipxe_script.")
      }
    }
    return warnings
  }
}
