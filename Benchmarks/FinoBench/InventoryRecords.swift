/// FinoBench: hosts, groups and templates of a site that does not exist.

import Foundation

/// Ten racks a row, twenty hosts a rack; each host inherits over five levels:
/// `default` ← `site` ← `row` ← `rack` ← `role in the rack`.
struct InventoryRecords {
  var count: Int

  func write(to folder: String) throws {
    for kind in ["hosts", "groups", "templates"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(kind)", withIntermediateDirectories: true)
    }
    func write(_ kind: String, _ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(kind)/\(name)"))
    }
    try write("templates", "linux.ipxe", Self.script)
    try write("groups", "default", Self.site)
    try write("groups", "site1", #"{"groups": ["default"], "domain": "site1.example.net"}"#)
    for index in 0..<(count / 20) {
      if index.isMultiple(of: 10) {
        try write(
          "groups", row(index),
          #"{"groups": ["site1"], "row": "\#(index / 10)", "console": "ttyS\#(index / 10 % 2)"}"#)
      }
      try write(
        "groups", rack(index),
        #"{"groups": ["\#(row(index))"], "rack": "\#(index)", "gateway": "10.\#(index / 250).\#(index % 250).1"}"#
      )
      for role in ["web", "db"] {
        try write(
          "groups", "\(rack(index)).\(role)",
          #"{"groups": ["\#(rack(index))"], "role": "\#(role)", "disks": ["sda", "sdb"]}"#)
      }
    }
    for index in 0..<count { try write("hosts", id(index), host(index)) }
  }

  /// What is asked, and of whom.
  var questions: [(title: String, paths: [String])] {
    let sample = stride(from: 0, to: count, by: max(1, count / 997))
    return [
      ("list of all hosts", ["/api/1.0/hosts/"]),
      (
        "hosts of a group, by a filter",
        sample.map { "/api/1.0/hosts/?groups=\(rack($0 / 20)).\(role($0))" }
      ),
      ("hosts by a value, by a filter", sample.map { "/api/1.0/hosts/?hostname=node\($0)" }),
      ("one host, all parameters", sample.map { "/api/1.0/hosts/\(id($0))?params=all" }),
    ]
  }

  private func id(_ index: Int) -> String {
    "4c4c4544-0042-3510-8054-" + String(format: "%012x", index)
  }

  private func row(_ rack: Int) -> String { "row\(rack / 10)" }
  private func rack(_ index: Int) -> String { "rack\(index)" }
  private func role(_ index: Int) -> String { index.isMultiple(of: 2) ? "web" : "db" }

  private func host(_ index: Int) -> String {
    let mac = String(
      format: "52:54:00:%02x:%02x:%02x", index >> 16 & 255, index >> 8 & 255, index & 255)
    return """
      {"groups": ["\(rack(index / 20)).\(role(index))"], "hostname": "node\(index)",
       "ipaddr": "10.\(index / 5000).\(index / 20 % 250).\(index % 20 + 10)", "mac": "\(mac)",
       "ipmi_host": "10.200.\(index / 250).\(index % 250)", "asset": "A\(100_000 + index)"}
      """
  }

  private static let site = """
    {"ipxe_script": "linux.ipxe", "ipxe_url": "http://10.0.0.2/ipxe", "power_driver": "dummy",
     "distribution": "debian-{{ version }}", "version": "12", "arch": "amd64",
     "mirror": "http://mirror.example.net", "fqdn": "{{ hostname }}.{{ domain }}",
     "kernel": "{{ mirror }}/{{ distribution }}/{{ arch }}/vmlinuz",
     "module": "{{ mirror }}/{{ distribution }}/{{ arch }}/initrd.img",
     "kernel_opts": "console={{ console }} hostname={{ hostname }} ip={{ ipaddr }}::{{ gateway }}"}
    """

  private static let script = """
    #!ipxe
    echo {{ fqdn }} installs {{ distribution }}
    kernel {{ ipxe_url }}/kernel/{{ uuid }} {{ kernel_opts }}
    initrd {{ ipxe_url }}/module/{{ uuid }}
    boot
    """
}
