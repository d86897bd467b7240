/// ControlAPI: the OpenAPI document: what the requests and answers are made of.

extension OpenAPIDocument {
  static let components = #"""
    components:
      parameters:
        Name: {name: name, in: path, required: true, schema: {$ref: "#/components/schemas/Name"}}
        HostID: {name: id, in: path, required: true, schema: {$ref: "#/components/schemas/Name"}}
        ModuleNumber:
          name: number
          in: path
          required: true
          schema: {type: integer, minimum: 0, maximum: 65535}
      requestBodies:
        Record:
          required: true
          content:
            application/json: {schema: {$ref: "#/components/schemas/Record"}}
        TemplateText:
          description: Stored byte for byte, whatever its media type.
          content:
            text/plain: {schema: {type: string}}
      responses:
        Record:
          description: The record.
          content:
            application/json: {schema: {$ref: "#/components/schemas/Record"}}
        Text:
          description: The text.
          content: {text/plain: {schema: {type: string}}}
        Image:
          description: The image, or the range that was asked for, with the mirror's media type.
          content: {"*/*": {}}
        BootRefused:
          description: One sentence with the reason.
          content: {text/plain: {schema: {type: string}}}
        Refused: &error
          description: Nothing was done; one sentence with the reason.
          content:
            application/json: {schema: {$ref: "#/components/schemas/Error"}}
        Unknown:
          <<: *error
          description: There is no such thing.
        Conflict:
          <<: *error
          description: It has ended already, or somebody else changed it at the same moment.
        NotRendered:
          <<: *error
          description: A parameter or a template can't be rendered.
        PowerFailed:
          <<: *error
          description: The BMC did not do its part.
        TooLarge:
          description: The body is too large.
          content: &either
            application/json: {schema: {$ref: "#/components/schemas/Error"}}
            text/plain: {schema: {type: string}}
        Unavailable:
          description: The state can't be written or read now.
          content: *either
      schemas:
        Error:
          type: object
          required: [error]
          additionalProperties: false
          properties: {error: {type: string, minLength: 1}}
        Name:
          type: string
          description: 255 bytes at most; no control character, and no `{{`, `{%` or `{#`.
          minLength: 1
          pattern: '^[^\x00-\x1f\x7f-\x9f]+$'
        PlainText:
          type: string
          description: Without `{{`, `{%` and `{#`.
        MAC:
          type: string
          description: 12 hexadecimal digits of one machine; colons, hyphens and dots are optional.
          pattern: '^[0-9a-fA-F][02468aceACE]([:-]?[0-9a-fA-F]{2}){5}$'
          examples: ["52:54:00:12:34:56"]
        Record:
          type: object
          description: |
            Any parameters. `groups` is a list of names. Secrets are shown as stars.
          properties:
            groups:
              description: A list; one name alone is a list of one.
          additionalProperties: true
        ReimageRequest:
          type: object
          required: [mac_address, obm_address, location, kernel_opts]
          additionalProperties: {type: [string, number]}
          properties:
            mac_address: {$ref: "#/components/schemas/MAC"}
            obm_address:
              type: [string, number]
              minLength: 1
              description: The address of its BMC.
              examples: [192.0.2.10]
            location:
              type: [string, number]
              minLength: 1
              description: A folder of the images directory.
              examples: [debian]
            kernel_opts:
              type: [string, number]
              maxLength: 2048
              examples: ["console=ttyS0"]
        ReimageAnswer:
          type: object
          required: [job]
          additionalProperties: false
          properties:
            job: {$ref: "#/components/schemas/Job"}
            error: {type: string, description: Why the BMC did not do its part.}
        Job:
          type: object
          required: [id, mac, obm, location, kernel_opts, parameters, state, created_at, power]
          additionalProperties: false
          properties:
            id: {type: integer}
            mac: {type: string}
            obm: {type: string}
            location: {type: string}
            kernel_opts: {type: string}
            parameters: {type: object, additionalProperties: {type: string}}
            state: {enum: [waiting, leased, installed, expired, cancelled, superseded]}
            created_at: {type: string, format: date-time}
            leased_until: {type: string, format: date-time}
            fetched: {type: array, items: {enum: [kernel, initrd]}}
            ended_at: {type: string, format: date-time}
            power:
              type: object
              required: [state]
              additionalProperties: false
              properties:
                state: {enum: [pending, succeeded, failed]}
                text: {type: string}
        Boot:
          type: object
          required: [id, started_at, last_at, events]
          additionalProperties: false
          properties:
            id: {type: integer}
            mac: {type: string}
            address: {type: string}
            started_at: {type: string, format: date-time}
            last_at: {type: string, format: date-time}
            events: {type: array, items: {$ref: "#/components/schemas/Event"}}
        Event:
          type: object
          required: [id, boot, kind, at, text, details]
          additionalProperties: false
          properties:
            id: {type: integer}
            boot: {type: integer}
            kind: {type: string}
            mac: {type: string}
            address: {type: string}
            at: {type: string, format: date-time}
            text: {type: string}
            details: {type: object, additionalProperties: {type: string}}

    """#
}
