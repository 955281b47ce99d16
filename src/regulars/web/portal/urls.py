"""Addresses of the portal."""

from django.urls import URLPattern, URLResolver, path

from regulars.web.portal import conversations, files, replies, signing_in

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.ask, name="sign_in"),
    path("sent/", signing_in.sent, name="sent"),
    path("link/<str:token>/", signing_in.link, name="link"),
    path("leave/", signing_in.leave, name="leave"),
    path("leave/everywhere/", signing_in.leave_everywhere, name="leave_everywhere"),
    path("conversations/", conversations.show_all, name="conversations"),
    path("conversations/<int:pk>/", conversations.show, name="conversation"),
    path("conversations/<int:pk>/replies/", replies.create, name="replies"),
    path("conversations/<int:pk>/solution/", replies.solve, name="solution"),
    path("files/<int:file_id>/", files.show, name="file"),
    path("messages/<int:message_id>/mail/", files.mail, name="mail"),
    path("inline/<str:token>/", files.inline, name="inline"),
]
