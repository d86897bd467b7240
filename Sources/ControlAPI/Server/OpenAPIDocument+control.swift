/// ControlAPI: the OpenAPI document: jobs, boots and the appliance itself.

extension OpenAPIDocument {
  static let control = #"""
      /:
        get:
          tags: [appliance]
          operationId: getFrontPage
          summary: Jobs, boots and the configuration, for people.
          responses: &page
            "200":
              description: A page.
              content: {text/html: {schema: {type: string}}}
            "503": {$ref: "#/components/responses/Unavailable"}
      /log:
        get:
          tags: [appliance]
          operationId: getLog
          summary: The latest lines of the log, for people.
          responses: *page
      /reimage:
        get:
          tags: [reimage]
          operationId: reimageByQuery
          summary: The same as POST, as Sherry's callers have it; without any parameter, a form.
          parameters:
            - {name: mac_address, in: query, schema: {$ref: "#/components/schemas/MAC"}}
            - {name: obm_address, in: query, schema: {type: string}}
            - {name: location, in: query, schema: {type: string}}
            - {name: kernel_opts, in: query, schema: {type: string}}
          responses: &reimage
            "200":
              description: The form; or, for browsers, the job that is stored.
              content: {text/html: {schema: {type: string}}}
            "202":
              description: The job is stored, and the BMC has restarted the machine.
              content:
                application/json: {schema: {$ref: "#/components/schemas/ReimageAnswer"}}
            "400":
              description: Nothing was stored.
              content: &refusal
                application/json: {schema: {$ref: "#/components/schemas/Error"}}
                text/html: {schema: {type: string}}
            "413": {$ref: "#/components/responses/TooLarge"}
            "415": {$ref: "#/components/responses/Refused"}
            "502":
              description: The job is stored and waits, but the BMC did not do its part.
              content:
                application/json: {schema: {$ref: "#/components/schemas/ReimageAnswer"}}
                text/html: {schema: {type: string}}
            "503": {$ref: "#/components/responses/Unavailable"}
        post:
          tags: [reimage]
          operationId: reimage
          summary: Stores a job for a machine and restarts the machine from the network.
          description: |
            Programs that say `Accept: application/json` get JSON, others a page. More fields may be
            sent; they are kept with the job.
          requestBody:
            required: true
            content:
              application/json: {schema: {$ref: "#/components/schemas/ReimageRequest"}}
              application/x-www-form-urlencoded:
                schema: {$ref: "#/components/schemas/ReimageRequest"}
          responses: *reimage
      /jobs:
        get:
          tags: [reimage]
          operationId: listJobs
          summary: The jobs that wait or are under way.
          parameters:
            - name: all
              in: query
              description: Those that have ended too, unless it is `0` or `false`.
              schema: {type: string}
          responses:
            "200":
              description: The jobs.
              content:
                application/json:
                  schema:
                    type: object
                    required: [jobs]
                    additionalProperties: false
                    properties:
                      jobs: {type: array, items: {$ref: "#/components/schemas/Job"}}
            "503": {$ref: "#/components/responses/Unavailable"}
      /jobs/{id}:
        parameters:
          - {name: id, in: path, required: true, schema: {type: integer}}
        get:
          tags: [reimage]
          operationId: readJob
          summary: A job.
          responses: &job
            "200":
              description: The job.
              content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}
            "404": {$ref: "#/components/responses/Unknown"}
            "503": {$ref: "#/components/responses/Unavailable"}
        delete:
          tags: [reimage]
          operationId: cancelJob
          summary: Cancels a job; it stays to be read.
          responses:
            <<: *job
            "409": {$ref: "#/components/responses/Conflict"}
      /boots:
        get:
          tags: [reimage]
          operationId: listBoots
          summary: The latest boots, the last one first.
          parameters:
            - {name: mac, in: query, schema: {$ref: "#/components/schemas/MAC"}}
            - name: limit
              in: query
              description: 20 without it or where it is no number; at least 1, at most 1000.
              schema: {type: string}
          responses:
            "200":
              description: The boots.
              content:
                application/json:
                  schema:
                    type: object
                    required: [boots]
                    additionalProperties: false
                    properties:
                      boots: {type: array, items: {$ref: "#/components/schemas/Boot"}}
            "400": {$ref: "#/components/responses/Refused"}
            "503": {$ref: "#/components/responses/Unavailable"}
      /boots/{id}:
        parameters:
          - {name: id, in: path, required: true, schema: {type: integer}}
        get:
          tags: [reimage]
          operationId: readBoot
          summary: A boot with all its steps.
          responses:
            "200":
              description: The boot.
              content: {application/json: {schema: {$ref: "#/components/schemas/Boot"}}}
            "404": {$ref: "#/components/responses/Unknown"}
            "503": {$ref: "#/components/responses/Unavailable"}
      /boots/{id}/capture.pcapng:
        parameters:
          - {name: id, in: path, required: true, schema: {type: integer}}
        get:
          tags: [reimage]
          operationId: readBootCapture
          summary: The packets of a boot, while they are in memory.
          responses:
            "200":
              description: A pcapng file, with the steps of the story as comments.
              content: {application/x-pcapng: {schema: {type: string, format: binary}}}
            "404": {$ref: "#/components/responses/Unknown"}
            "503": {$ref: "#/components/responses/Unavailable"}
      /boots/{id}/explanation:
        parameters:
          - {name: id, in: path, required: true, schema: {type: integer}}
        get:
          tags: [reimage]
          operationId: explainBoot
          summary: What the boot doctor says of these packets, for people.
          responses:
            "200":
              description: Steps and verdicts, as `fino explain` prints them.
              content: {text/plain: {schema: {type: string}}}
            "404": {$ref: "#/components/responses/Unknown"}
            "503": {$ref: "#/components/responses/Unavailable"}
      /boots/{id}/console:
        parameters:
          - {name: id, in: path, required: true, schema: {type: integer}}
        get:
          tags: [reimage]
          operationId: readBootConsole
          summary: What the machine wrote to its serial console, where it was recorded; the last 256 KiB.
          responses:
            "200":
              description: As it was written, terminal sequences included.
              content: {text/plain: {schema: {type: string}}}
            "404": {$ref: "#/components/responses/Unknown"}
            "503": {$ref: "#/components/responses/Unavailable"}
      /health:
        get:
          tags: [appliance]
          operationId: getHealth
          summary: Whether the appliance can write its state.
          responses:
            "200":
              description: All is well.
              content:
                application/json:
                  schema:
                    type: object
                    required: [status]
                    properties: {status: {const: ok}}
            "503": {$ref: "#/components/responses/Unavailable"}
      /metrics:
        get:
          tags: [appliance]
          operationId: getMetrics
          summary: Counters in Prometheus' text format.
          responses:
            "200":
              description: The counters.
              content: {text/plain: {schema: {type: string}}}
      /openapi.yaml:
        get:
          tags: [appliance]
          operationId: getDocument
          summary: This document.
          responses:
            "200":
              description: OpenAPI 3.1.
              content: {application/yaml: {schema: {}}}

    """#
}
