/// LabTests: which namespaces are a laboratory's, and whose.

import Glibc
import Testing

@testable import Lab

@Suite struct LabNameTests {
  @Test func aNameIsFoundInItsNamespaces() {
    let name = LabName(owner: 4711, number: 2)
    for host in LabHost.allCases {
      #expect(LabName(namespace: name.namespace(host)) == name)
    }
    #expect(name.namespace(.networkSwitch) == "fino4711-2-sw")
  }

  @Test(arguments: [
    "", "fino", "fino4711", "fino4711-2", "fino4711-2-", "fino4711-2-other", "fino-1-2-sw",
    "fino0-1-sw", "fino4711-x-sw", "fino4711--1-sw", "finox-1-sw", "docker-1-sw", "fino1-1-sw-x",
  ])
  func otherNamespacesAreSomebodyElses(_ namespace: String) {
    #expect(LabName(namespace: namespace) == nil)
  }

  @Test func aLaboratoryIsStaleWhenItsProcessIsGone() throws {
    #expect(!LabName(owner: getpid(), number: 99_999).isStale)
    let child = try ChildProcess.start(["true"], output: "/dev/null")
    child.waitUntilEnded()
    #expect(LabName(owner: child.processID, number: 0).isStale)
  }
}
