/// Inventory: a host's parameters with all that it inherits, rendered or explained.

private import Jinja
private import Wire

/// For whom parameters are.
package enum ParameterView: Sendable {
  /// For templates and drivers: with secrets.
  case real
  /// For the API: secrets are `***`, and so is what is made of them.
  case shown
}

extension CatalogueSnapshot {
  /// What `?params=all` answers. An id that nobody knows gets what the host `register` has, and
  /// only `uuid` and `groups` where that is missing too.
  package func parameters(
    of name: String, _ view: ParameterView, renderer: any TemplateRenderer
  ) throws(ParameterError) -> Parameters {
    let subject = Subject(name, in: self)
    let inheritance = try inheritance(of: subject)
    var expansion = Expansion(
      inheritance.parameters(uuid: subject.uuid), masked: view == .shown, renderer: renderer)
    do throws(Expansion.Failure) {
      try expansion.run()
    } catch {
      throw ParameterError(error, of: subject.origin, inheritance)
    }
    return expansion.parameters
  }

  /// Everything that a group has and inherits, not expanded; its own `groups` as they are.
  package func parameters(
    ofGroup name: String, _ view: ParameterView
  ) throws(ParameterError) -> Parameters? {
    guard let group = groups[name] else { return nil }
    let merged = try Inheritance(of: .group(name), group.parameters) { groups[$0]?.parameters }
      .merged
    return view == .shown ? Secrets.masked(merged) : merged
  }

  /// What `?params=explain` answers; a failing expansion is a part of the answer.
  package func explanation(
    of name: String, renderer: any TemplateRenderer
  ) throws(ParameterError) -> Explanation {
    let subject = Subject(name, in: self)
    let inheritance = try inheritance(of: subject)
    var expansion = Expansion(
      inheritance.parameters(uuid: subject.uuid), masked: true, renderer: renderer)
    var failure: String?
    do throws(Expansion.Failure) {
      try expansion.run()
    } catch {
      failure = ParameterError(error, of: subject.origin, inheritance).description
    }
    return Explanation(
      host: subject.host?.id, uuid: subject.uuid, inheritance: inheritance, expansion: expansion,
      failure: failure)
  }

  private func inheritance(of subject: Subject) throws(ParameterError) -> Inheritance {
    try Inheritance(of: subject.origin, subject.host?.parameters ?? [:]) {
      groups[$0]?.parameters
    }
  }
}

/// Who is asked about, and who answers.
private struct Subject {
  let host: Host?
  let uuid: String

  init(_ name: String, in snapshot: CatalogueSnapshot) {
    guard let known = snapshot.host(name) else {
      host = snapshot.hosts[SpecialHost.register]
      uuid = name
      return
    }
    host = known
    // Who comes by a MAC address wants to know who it is; power drivers look for the UUID.
    let asked = SystemUUID(name)
    if known.id != name, asked == nil || !known.uuids.contains(where: { $0 == asked }) {
      if case .string(let own)? = known.parameters["uuid"] { uuid = own } else { uuid = known.id }
    } else {
      uuid = name
    }
  }

  /// Where `register` answers for an unknown machine, messages name `register`.
  var origin: ParameterOrigin { .host(host?.id ?? uuid) }
}

extension ParameterError {
  fileprivate init(
    _ failure: Expansion.Failure, of origin: ParameterOrigin, _ inheritance: Inheritance
  ) {
    let (key, kind): (String, Kind) =
      switch failure {
      case .rendering(let key, let reason): (key, .rendering(key: key, reason: reason.description))
      case .unsettled(let key, let names): (key, .unsettled(key: key, names: names))
      case .limit(let key, let reason): (key, .limit(key: key, reason: reason))
      }
    let setter = inheritance.origin(of: key)
    self.init(kind, chain: [origin] + (setter == origin ? [] : [setter].compactMap(\.self)))
  }
}
