/// PowerTests: pyVmomi, VMware's own client, finds the stand-in for a vCenter a fair one.

import Foundation
import IPMI
import Testing

@testable import Power

private let python = ProcessInfo.processInfo.environment["FINO_PYTHON"] ?? "python3"

private func hasPyVmomi() -> Bool {
  let result = try? RunningProgram.output("/usr/bin/env", [python, "-c", "import pyVmomi"])
  return result?.1 == 0
}

@Suite(.enabled(if: TestCertificate.isPossible && hasPyVmomi()))
struct PyVmomiTests {
  /// The steps of the driver, as a pyVmomi program writes them.
  private static let program = """
    import sys
    from pyVim.connect import SmartConnect, Disconnect
    from pyVmomi import vim
    port, password, uuid = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    try:
        SmartConnect(host="127.0.0.1", port=port, user="root", pwd="wrong",
                     disableSslCertValidation=True)
        raise SystemExit("a wrong password was taken")
    except vim.fault.InvalidLogin:
        pass
    si = SmartConnect(host="127.0.0.1", port=port, user="root", pwd=password,
                      disableSslCertValidation=True)
    index = si.content.searchIndex
    assert index.FindByUuid(None, "11111111-2222-3333-4444-555555555555", True) is None
    vm = index.FindByUuid(None, uuid, True)
    assert isinstance(vm, vim.VirtualMachine), vm
    def wait(task):
        for _ in range(20):
            info = task.info
            if info.state == vim.TaskInfo.State.success:
                return
            assert info.state == vim.TaskInfo.State.running, info
        raise SystemExit("the task does not end")
    assert vm.runtime.powerState == "poweredOff"
    spec = vim.vm.ConfigSpec()
    spec.extraConfig = [vim.option.OptionValue(key="bios.bootDeviceClasses", value="allow:net")]
    wait(vm.ReconfigVM_Task(spec))
    wait(vm.PowerOnVM_Task())
    assert vm.runtime.powerState == "poweredOn"
    wait(vm.ResetVM_Task())
    try:
        vm.PowerOnVM_Task()
        raise SystemExit("it was switched on twice")
    except vim.fault.InvalidPowerState:
        pass
    wait(vm.PowerOffVM_Task())
    collector = si.content.propertyCollector
    wish = vim.PropertyCollector.FilterSpec(
        objectSet=[vim.PropertyCollector.ObjectSpec(obj=vm)],
        propSet=[vim.PropertyCollector.PropertySpec(
            type=vim.VirtualMachine, pathSet=["config.extraConfig", "name"])])
    found = {p.name: p.val for p in collector.RetrieveProperties([wish])[0].propSet}
    assert found["name"] == "pc7", found
    options = {o.key: o.value for o in found["config.extraConfig"]}
    assert options == {"bios.bootDeviceClasses": "allow:net", "guestinfo.x": "<&>"}, options
    Disconnect(si)
    print("fair")
    """

  @Test func theStandInIsFair() async throws {
    let center = StandInVCenter()
    let server = try await WebServer.start(center, certificate: try TestCertificate())
    let (output, status) = try RunningProgram.output(
      "/usr/bin/env",
      [
        "timeout", "60", python, "-c", Self.program, "\(server.port)", StandInVCenter.password,
        StandInVCenter.uuid,
      ])
    #expect(status == 0, "\(output) after \(center.calls)")
    #expect(output.hasSuffix("fair\n"))
    #expect(center.power == "poweredOff")
    #expect(center.extra["bios.bootDeviceClasses"] == "allow:net")
    #expect(center.openSessions == 0)
    await server.stop()
  }

  /// The driver over the same server, with its certificate pinned.
  @Test func theDriverSpeaksToTheSameServer() async throws {
    let certificate = try TestCertificate()
    let center = StandInVCenter()
    let server = try await WebServer.start(center, certificate: certificate)
    let settings = HostPowerSettings(host: StandInVCenter.uuid) { name in
      [
        "power_driver": "vmware", "vmware_host": "127.0.0.1", "vmware_port": "\(server.port)",
        "vmware_user": "root", "vmware_password": StandInVCenter.password,
        "vmware_fingerprint": certificate.fingerprint,
      ][name]
    }
    let driver = try settings.driver(.forTests)
    let outcome = try await driver.perform(
      .reinstall(verify: .seconds(5)), limit: .seconds(30))
    #expect(outcome.after == .on)
    #expect(center.extra["bios.bootDeviceClasses"] == "allow:net")
    #expect(center.openSessions == 0)
    await server.stop()
  }
}
