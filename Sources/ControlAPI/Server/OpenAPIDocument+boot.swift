/// ControlAPI: the OpenAPI document: what machines fetch.

extension OpenAPIDocument {
  static let boot = #"""
      /ipxe/script/{id}:
        parameters:
          - $ref: "#/components/parameters/HostID"
        get: &script
          tags: [boot]
          operationId: getScript
          summary: The template that the host's `ipxe_script` names, rendered.
          responses:
            "200": {$ref: "#/components/responses/Text"}
            "400": {$ref: "#/components/responses/BootRefused"}
            "404": {$ref: "#/components/responses/BootRefused"}
            "422": {$ref: "#/components/responses/BootRefused"}
        head:
          <<: *script
          operationId: headScript
      /ipxe/kernel/{id}:
        parameters:
          - $ref: "#/components/parameters/HostID"
        get:
          tags: [boot]
          operationId: getKernel
          summary: An image from the mirror that the host's record names.
          responses: &image
            "200": {$ref: "#/components/responses/Image"}
            "206": {$ref: "#/components/responses/Image"}
            "304": {description: The client has it already.}
            "400": {$ref: "#/components/responses/BootRefused"}
            "404": {$ref: "#/components/responses/BootRefused"}
            "416": {description: That range is not in the image.}
            "422": {$ref: "#/components/responses/BootRefused"}
            "500": {$ref: "#/components/responses/BootRefused"}
            "502": {$ref: "#/components/responses/BootRefused"}
            "503": {$ref: "#/components/responses/BootRefused"}
        head:
          tags: [boot]
          operationId: headKernel
          summary: Its headers alone.
          responses: *image
      /ipxe/initrd/{id}:
        parameters:
          - $ref: "#/components/parameters/HostID"
        get:
          tags: [boot]
          operationId: getInitrd
          summary: An image from the mirror that the host's record names.
          responses: *image
        head:
          tags: [boot]
          operationId: headInitrd
          summary: Its headers alone.
          responses: *image
      /ipxe/initrd/{id}/{number}:
        parameters:
          - $ref: "#/components/parameters/HostID"
          - $ref: "#/components/parameters/ModuleNumber"
        get:
          tags: [boot]
          operationId: getNumberedInitrd
          summary: An image from the mirror that the host's record names.
          responses: *image
        head:
          tags: [boot]
          operationId: headNumberedInitrd
          summary: Its headers alone.
          responses: *image
      /ipxe/module/{id}:
        parameters:
          - $ref: "#/components/parameters/HostID"
        get:
          tags: [boot]
          operationId: getModule
          summary: An image from the mirror that the host's record names.
          responses: *image
        head:
          tags: [boot]
          operationId: headModule
          summary: Its headers alone.
          responses: *image
      /ipxe/module/{id}/{number}:
        parameters:
          - $ref: "#/components/parameters/HostID"
          - $ref: "#/components/parameters/ModuleNumber"
        get:
          tags: [boot]
          operationId: getNumberedModule
          summary: An image from the mirror that the host's record names.
          responses: *image
        head:
          tags: [boot]
          operationId: headNumberedModule
          summary: Its headers alone.
          responses: *image
      /ipxe/register/{id}:
        parameters:
          - $ref: "#/components/parameters/HostID"
        get:
          tags: [boot]
          operationId: register
          summary: A machine makes its own record, in the group `default`.
          parameters:
            - {name: manufacturer, in: query, schema: {$ref: "#/components/schemas/PlainText"}}
            - {name: product, in: query, schema: {$ref: "#/components/schemas/PlainText"}}
            - {name: serial, in: query, schema: {$ref: "#/components/schemas/PlainText"}}
            - {name: asset, in: query, schema: {$ref: "#/components/schemas/PlainText"}}
            - {name: hostname, in: query, schema: {$ref: "#/components/schemas/PlainText"}}
          responses:
            "201": {description: Stored. The body is empty.}
            "400": {$ref: "#/components/responses/BootRefused"}
            "503": {$ref: "#/components/responses/BootRefused"}
      /pxe/chain.pxe:
        get:
          tags: [boot]
          operationId: getChain
          summary: The first script, which asks for the machine's own.
          responses:
            "200": {$ref: "#/components/responses/Text"}
      /pxe/{mac}:
        parameters:
          - {name: mac, in: path, required: true, schema: {$ref: "#/components/schemas/MAC"}}
        get:
          tags: [boot]
          operationId: getMachineScript
          summary: What this machine is to do now, as an iPXE script.
          responses:
            "200": {$ref: "#/components/responses/Text"}
            "400": {$ref: "#/components/responses/BootRefused"}
            "503": {$ref: "#/components/responses/BootRefused"}
      /boot/{platform}/{file}:
        parameters:
          - {name: platform, in: path, required: true, schema: {type: string, minLength: 1}}
          - {name: file, in: path, required: true, schema: {type: string, minLength: 1}}
        get: &loader
          tags: [boot]
          operationId: getLoader
          summary: A boot program, by its file name.
          responses:
            "200":
              description: The program.
              content:
                application/efi: {}
                application/octet-stream: {}
                text/plain: {}
            "206": {$ref: "#/components/responses/Image"}
            "304": {description: The client has it already.}
            "404": {$ref: "#/components/responses/BootRefused"}
            "416": {description: That range is not in the program.}
            "503": {$ref: "#/components/responses/BootRefused"}
        head:
          <<: *loader
          operationId: headLoader
      /grub/{file}:
        parameters:
          - {name: file, in: path, required: true, schema: {type: string, minLength: 1}}
        get:
          tags: [boot]
          operationId: getGRUBScript
          summary: What a machine is to do now, as GRUB's configuration (`grub.cfg-01-<mac>`, `<mac>`).
          responses:
            "200": {$ref: "#/components/responses/Text"}
            "404": {$ref: "#/components/responses/BootRefused"}
            "503": {$ref: "#/components/responses/BootRefused"}
      /images:
        get: &images
          tags: [boot]
          operationId: listImages
          summary: The directory of images.
          responses:
            "200":
              description: A page with links.
              content: {text/html: {schema: {type: string}}}
            "301": {description: To the same with a slash.}
            "404": {$ref: "#/components/responses/BootRefused"}
        head:
          <<: *images
          operationId: headImages
      /images/{location}/{file}:
        parameters:
          - {name: location, in: path, required: true, schema: {type: string, minLength: 1}}
          - {name: file, in: path, required: true, schema: {type: string, minLength: 1}}
        get: &file
          tags: [boot]
          operationId: getImage
          summary: A file of the images directory.
          responses:
            "200": {$ref: "#/components/responses/Image"}
            "206": {$ref: "#/components/responses/Image"}
            "301": {description: It is a directory; to the same with a slash.}
            "304": {description: The client has it already.}
            "404": {$ref: "#/components/responses/BootRefused"}
            "412": {$ref: "#/components/responses/BootRefused"}
            "416": {description: That range is not in the image.}
        head:
          <<: *file
          operationId: headImage

    """#
}
