/// Appliance: what is wrong with the configuration, said so that it can be mended.

/// One mistake: where, what, and what is allowed.
package struct ConfigurationMistake: Error, Equatable, Sendable {
  /// `fino.yaml, line 3` or `FINO_HTTP_PORT in the environment` or `--http-port`.
  package var place: String
  package var problem: String
  /// In the file; 0 elsewhere.
  package var line = 0

  static let commandLine = "the command line"

  package init(place: String, problem: String) {
    self.place = place
    self.problem = problem
  }

  /// In a file.
  init(file: String, line: Int, problem: String) {
    self.init(place: "\(file), line \(line)", problem: problem)
    self.line = line
  }
}

extension ConfigurationMistake: CustomStringConvertible {
  package var description: String { "\(place): \(problem)" }
}

/// All mistakes at once, in the order of their places.
package struct ConfigurationMistakes: Error, Equatable, Sendable {
  package var list: [ConfigurationMistake]

  package init(list: [ConfigurationMistake]) {
    self.list = list.sorted { $0.line < $1.line }
  }

  /// Then it is wrong usage of the command.
  package var areAllOnTheCommandLine: Bool {
    list.allSatisfy { $0.place == ConfigurationMistake.commandLine }
  }
}

extension ConfigurationMistakes: CustomStringConvertible {
  package var description: String { list.map(\.description).joined(separator: "\n") }
}
