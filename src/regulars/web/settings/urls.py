"""Addresses of the settings pages."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.settings import audit, channels, company, index, keys, people, rejected, security, targets

app_name = "settings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", index.show, name="index"),
    path("people/", people.show, name="people"),
    path("people/<int:pk>/role/", people.change_role, name="role"),
    path("people/<int:pk>/deactivation/", people.deactivate, name="deactivation"),
    path("people/<int:pk>/reactivation/", people.reactivate, name="reactivation"),
    path("people/<int:pk>/second-factor/reset/", people.reset_second_factor, name="second_factor_reset"),
    path("people/invitations/", people.invite, name="invitations"),
    path("people/invitations/<int:pk>/revocation/", people.revoke, name="invitation_revocation"),
    path("keys/", keys.show, name="keys"),
    path("keys/<int:pk>/revocation/", keys.revoke, name="key_revocation"),
    path("keys/<int:pk>/secret/", keys.secret, name="key_secret"),
    path("keys/rejected/", rejected.show, name="rejected"),
    path("company/", company.show, name="company"),
    path("targets/", targets.show, name="targets"),
    path("targets/new/", targets.target, name="target_new"),
    path("targets/<int:place>/", targets.target, name="target"),
    path("targets/<int:place>/removal/", targets.target_removal, name="target_removal"),
    path("targets/<int:place>/rise/", targets.target_rise, name="target_rise"),
    path("targets/hours/new/", targets.hours, name="hours_new"),
    path("targets/hours/<int:place>/", targets.hours, name="hours"),
    path("targets/hours/<int:place>/removal/", targets.hours_removal, name="hours_removal"),
    path("channels/", channels.show, name="channels"),
    path("channels/new/", channels.channel, name="channel_new"),
    path("channels/<int:pk>/", channels.channel, name="channel"),
    path("channels/<int:pk>/pause/", channels.pause, name="channel_pause"),
    path("channels/<int:pk>/pause/remove/", channels.resume, name="channel_resume"),
    path("channels/<int:pk>/look/", channels.look, name="channel_look"),
    path("channels/<int:pk>/archive/", channels.archive, name="channel_archive"),
    path("channels/dead-letters/", channels.dead_letters, name="dead_letters"),
    path("channels/dead-letters/<int:pk>/again/", channels.run_again, name="dead_letter_again"),
    path("channels/dead-letters/<int:pk>/raw/", channels.raw, name="dead_letter_raw"),
    path("security/", security.show, name="security"),
    path("audit/", audit.show, name="audit"),
    path("audit.csv", audit.export, name="audit_csv"),
]
