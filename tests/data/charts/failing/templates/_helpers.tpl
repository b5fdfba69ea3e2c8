{{- define "failing.outer" -}}
outer: {{ include "failing.inner" . }}
{{- end }}

{{- define "failing.inner" -}}
inner: {{ .Values.database.host }}
{{- end }}

{{- define "failing.loop" -}}
{{ include "failing.loop" . }}
{{- end }}
