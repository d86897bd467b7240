/// ControlAPI: the OpenAPI 3.1 document of everything that the HTTP server answers.

enum OpenAPIDocument {
  /// YAML.
  static let text = [head, records, templates, boot, control, components].joined()

  private static let head = #"""
    openapi: 3.1.0
    info:
      title: Fino
      version: "1.0"
      summary: A PXE appliance.
      description: |
        Machines boot and install by these requests, and programs and people look after them.

        Two more things are served that OpenAPI has no words for: `GET /events` is an endless stream
        of server-sent events (`text/event-stream`; `?mac=` chooses a machine), and below `/images/`
        files may lie in folders of any depth.

        A path with one more slash at its end is the same path. A path that is not here is answered
        with 404, a method with 405.

        Names of hosts, groups and templates are percent-encoded in paths; a host may also be named
        by its UUID or by a MAC address, in any usual form.
    tags:
      - name: records
        description: Hosts, groups and templates, as Bergenholm has them.
      - name: power
        description: The power of machines.
      - name: boot
        description: What firmware and installers fetch.
      - name: reimage
        description: Jobs that install machines, and the stories of their boots.
      - name: appliance
        description: The appliance itself.

    """#
}
