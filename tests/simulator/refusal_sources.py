"""Where each of Telegram's refusals is documented or was seen.

``SOURCES`` pairs a pattern for the whole description with its source. Every refusal in the simulator's code has to be
here (test_refusal_sources.py), and every refusal that a test gets from the server is looked up here (``RawClient``).

Client.cpp, ClientManager.cpp, WebhookActor.cpp, ReplyMarkup.cpp, PollOption.cpp and ForumTopicManager.cpp were read for
this list (copies of 2020 to 2026). Of the other files of TDLib the texts were found quoted in public code and reports;
the file named is where TDLib decides it. What is in capitals comes from the data centre: the pages named list it.
"""

from __future__ import annotations

import re

SERVER = "github.com/tdlib/telegram-bot-api, telegram-bot-api/Client.cpp, "
MANAGER = "github.com/tdlib/telegram-bot-api, telegram-bot-api/ClientManager.cpp"
WEBHOOK = "github.com/tdlib/telegram-bot-api, telegram-bot-api/WebhookActor.cpp"
TD = "github.com/tdlib/td, td/telegram/"
DOCS = "core.telegram.org/bots/api#"
ERRORS = "core.telegram.org/method/"
ISSUE = "github.com/"
OURS = "not seen; our wording"
"""What Telegram says here is decided by servers whose code is not public, and no report of it was found."""

_NAMED: dict[str, tuple[str, ...]] = {
    SERVER + "check_chat and check_chat_access": (
        "Bad Request: chat not found",
        "Bad Request: chat_id is empty",
        "Bad Request: group chat was upgraded to a supergroup chat",
        r"Forbidden: bot was kicked from the (group|supergroup) chat",
        r"Forbidden: bot is not a member of the (group|supergroup) chat",
    ),
    ISSUE
    + "eternnoir/pyTelegramBotAPI/issues/511 (above 100 buttons); tginfo/Telegram-Limits/issues/228, 187": (
        "Bad Request: reply markup is too long",
    ),
    SERVER + "fail_query_with_error": (
        (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        ),
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        "Bad Request: message can't be deleted",
        "Bad Request: user is an administrator of the chat",
        "Bad Request: chat description is not modified",
        "Bad Request: failed to get HTTP URL content",
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        r"Too Many Requests: retry after \d+",
    ),
    SERVER + "check_message (and the callers that name what was not found)": (
        (
            "Bad Request: (message to (edit|delete|copy|forward|pin|unpin|react|be replied)|"
            "message with poll to stop) not found"
        ),
    ),
    SERVER + "get_inline_message_id, get_message_ids, process_delete_message_query": (
        "Bad Request: (chat|message) identifier is not specified",
        "Bad Request: message identifiers are not specified",
        "Bad Request: too many message identifiers specified",
        "Bad Request: expected an Array of message identifiers",
        "Bad Request: message identifier must be a Number",
        "Bad Request: can't parse message identifier as Number",
        "Bad Request: invalid message identifier specified",
    ),
    SERVER + "the get_... function of each parameter": (
        (
            "Bad Request: can't parse (commands|correct_option_ids|media|message_ids|options|permissions|input media|"
            "reaction types|reply parameters|link preview options|menu button|BotCommandScope|ChatAdministratorRights|"
            "inline query results( button)?) JSON object"
        ),
        "Bad Request: expected an Array of (BotCommand|InputMedia|ReactionType|inline query results|String as options)",
        "Bad Request: object expected as (permissions|reply parameters|link preview options)",
        "Bad Request: can't parse (BotCommand|InputMedia|MessageEntity|ReactionType): expected an Object",
        "Bad Request: can't parse BotCommandScope: BotCommandScope must be an Object",
        "Bad Request: can't parse ChatAdministratorRights: ChatAdministratorRights must be an Object",
        "Bad Request: can't parse menu button: MenuButton must be an Object",
        ("Bad Request: can't parse inline query results button: InlineQueryResultsButton must be an Object"),
        "Bad Request: can't parse inline query result: Inline query result must be an object",
        "Bad Request: too many inline query results specified",
    ),
    SERVER + "get_location": ("Bad Request: (latitude|longitude) is empty",),
    TD + "Location.cpp; a copy of TDLib of 2023 has 'Wrong location specified'": (
        "Bad Request: invalid (live )?location specified",
        "Bad Request: wrong live location (period|heading|proximity alert radius) specified",
    ),
    SERVER + "get_reply_markup": (
        "Bad Request: can't parse reply keyboard markup JSON object",
        "Bad Request: object expected as reply markup",
        r'Bad Request: field "(keyboard|inline_keyboard)" must be of type Array',
        r'Bad Request: field "keyboard" must be an Array of Arrays',
        r'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    SERVER + "get_keyboard_button and get_inline_keyboard_button": (
        r"Bad Request: can't parse (inline )?keyboard button: Can't find field \"text\"",
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        "Bad Request: can't parse inline keyboard button: expected an Object",
    ),
    SERVER + "get_required_string_arg": (r'Bad Request: parameter "\w+" is required',),
    SERVER + "get_input_media": (
        "Bad Request: can't parse InputMedia: media not found",
        r'Bad Request: can\'t parse InputMedia: type ".*" is unsupported',
        "Bad Request: can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
    ),
    SERVER + "get_reaction_type": ("Bad Request: can't parse ReactionType: invalid reaction type specified",),
    SERVER + "get_bot_commands, get_bot_command_scope, get_bot_menu_button": (
        "Bad Request: can't parse BotCommand: .*",
        "Bad Request: can't parse BotCommandScope: Unsupported type specified",
        "Bad Request: can't parse menu button: MenuButton has unsupported type",
        "Bad Request: expected an Array of BotCommand",
    ),
    SERVER + "get_user_id": ("Bad Request: invalid user_id specified",),
    SERVER + "check_user": ("Bad Request: user not found",),
    SERVER + "check_remote_file_id and on_update_file": (
        "Bad Request: file_id not specified",
        "Bad Request: wrong file_id or the file is temporarily unavailable",
        "Bad Request: file is too big",
    ),
    SERVER + "process_send_photo_query and its like": (
        (
            "Bad Request: there is no (photo|document|video|audio|voice|animation|video note|sticker|thumbnail) "
            "in the request"
        ),
        "Bad Request: photo must be uploaded as an InputFile",
        "Bad Request: wrong parameter action in request",
        "Bad Request: there are no administrators in the private chat",
    ),
    SERVER + "process_promote_chat_member_query, process_set_chat_administrator_custom_title_query": (
        "Bad Request: method is available for supergroup and channel chats only",
        "Bad Request: method is available only for supergroups",
        "Bad Request: only creator can edit their custom title",
        "Bad Request: user is not an administrator",
        "Bad Request: not enough rights to change custom title of the user",
    ),
    SERVER + "get_input_message_text, get_formatted_text": (
        "Bad Request: message text is empty",
        "Bad Request: unsupported parse_mode",
        "Bad Request: can't parse MessageEntity: .*",
    ),
    SERVER + "on_cmd": ("Not Found: method not found",),
    SERVER + "abort_long_poll, fail_query_conflict": (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        "Conflict: terminated by setWebhook request",
        (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
            "first"
        ),
    ),
    SERVER + "do_set_webhook": ("Bad Request: secret token contains unallowed characters",),
    SERVER + "get_closing_error": ("Bad Request: Logged out",),
    WEBHOOK: (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    MANAGER + "; api.telegram.org answers a token that is none with 404": ("Unauthorized", "Not Found"),
    TD + "ReplyMarkup.cpp": (
        "Bad Request: inline keyboard button text must be non-empty",
        "Bad Request: keyboard button text must be non-empty",
        r"Bad Request: inline keyboard button URL '.*' is invalid: (Unsupported URL protocol|Wrong HTTP URL)",
    ),
    TD + "MessageEntity.cpp": (
        r"Bad Request: can't parse entities: .*",
        r"Bad Request: entity beginning at UTF-16 offset \d+ ends after the end of the text at UTF-16 offset \d+",
    ),
    TD + "PollOption.cpp": (
        "Bad Request: poll must have at least one answer option",
        "Bad Request: poll can't have more than 12 options",
        "Bad Request: poll options length must not exceed 100",
    ),
    TD + "MessageContent.cpp": (
        "Bad Request: poll question length must not exceed 300",
        "Bad Request: text must be non-empty",
    ),
    TD + "PollManager.cpp": (
        "Bad Request: correct quiz option list must be (non-empty|increasing)",
        "Bad Request: wrong quiz correct_option_id",
        "Bad Request: poll can't be stopped",
        "Bad Request: poll has already been closed",
    ),
    TD + "MessagesManager.cpp": (
        "Bad Request: message is too long",
        "Bad Request: message caption is too long",
        "Bad Request: message can't be edited",
        "Bad Request: message can't be deleted for everyone",
        "Bad Request: there is no (text|caption|live location) in the message to edit",
        "Bad Request: message is not a poll",
        "Bad Request: inline keyboard expected",
        "Bad Request: the message can't be (copied|forwarded)",
        "Bad Request: message identifiers must be in a strictly increasing order",
        "Bad Request: there are no messages to send",
        "Bad Request: too many messages to send as an album",
        "Bad Request: (audio|document) can't be mixed with other media types",
        "Bad Request: can't change media type in the album",
        "Bad Request: message content type can't be used in an album",
        "Bad Request: message media can't be edited",
        "Bad Request: not enough rights to manage pinned messages in the chat",
        (
            "Bad Request: not enough rights to send (text messages|photos|videos|animations|music|voice notes|"
            "video notes|stickers|documents|polls|contacts|venues|locations) to the chat"
        ),
        "Bad Request: message thread not found",
    ),
    TD + "files/FileManager.cpp": (
        "Bad Request: wrong file identifier/HTTP URL specified",
        r"Bad Request: can't use file of type \w+ as \w+",
        "Bad Request: file must be non-empty",
    ),
    TD + "DialogManager.cpp, DialogParticipantManager.cpp": (
        "Bad Request: chat member status can't be changed in private chats",
        "Bad Request: can't remove chat owner",
        "Bad Request: can't restrict self",
        "Bad Request: not enough rights to restrict/unrestrict chat member",
        "Bad Request: not enough rights",
        "Bad Request: not enough rights to change chat (title|photo|permissions)",
        "Bad Request: not enough rights to set chat description",
        "Bad Request: can't change private chat (title|photo|description|permissions)",
        "Bad Request: title must be non-empty",
    ),
    TD + "DialogInviteLinkManager.cpp": (
        "Bad Request: not enough rights to manage chat (invite link|join requests)",
        "Bad Request: can't invite members to a private chat",
        "Bad Request: the chat can't have join requests",
        "Bad Request: member limit can't be specified for links requiring administrator approval",
    ),
    TD + "BotCommand.cpp, BotCommandScope.cpp": (
        "Bad Request: can't use specified scope in private chats",
        "Bad Request: invalid language code specified",
    ),
    TD + "ForumTopicManager.cpp": (
        "Bad Request: the chat is not a forum",
        "Bad Request: not enough rights to (create a|edit the|delete the|close or open the) topic",
    ),
    ERRORS + "messages.sendMessage": (
        "Bad Request: BUTTON_(DATA|COPY_TEXT)_INVALID",
        "Bad Request: TOPIC_CLOSED",
        "Bad Request: QUOTE_TEXT_INVALID",
    ),
    ERRORS + "messages.setBotCallbackAnswer": ("Bad Request: MESSAGE_TOO_LONG",),
    ERRORS + "messages.setInlineBotResults": ("Bad Request: RESULT_ID_(DUPLICATE|INVALID)",),
    ERRORS + "messages.sendReaction": ("Bad Request: REACTION_INVALID", "Bad Request: REACTIONS_TOO_MANY"),
    ERRORS + "messages.sendMedia": (
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
    ),
    ERRORS + "bots.setBotCommands": ("Bad Request: BOT_COMMAND_(INVALID|DESCRIPTION_INVALID)",),
    ERRORS + "channels.editForumTopic": ("Bad Request: TOPIC_NOT_MODIFIED",),
    ERRORS + "channels.editAdmin": (
        "Bad Request: RIGHT_FORBIDDEN",
        "Bad Request: USER_NOT_PARTICIPANT",
        "Bad Request: ADMIN_RANK_INVALID",
    ),
    ERRORS + "channels.getParticipant": ("Bad Request: PARTICIPANT_ID_INVALID",),
    ERRORS + "messages.editExportedChatInvite": (
        "Bad Request: INVITE_HASH_EXPIRED",
        "Bad Request: CHAT_INVITE_PERMANENT",
        "Bad Request: EXPIRE_DATE_INVALID",
    ),
    ERRORS + "messages.hideChatJoinRequest": (
        "Bad Request: HIDE_REQUESTER_MISSING",
        "Bad Request: USER_ALREADY_PARTICIPANT",
    ),
    ERRORS + "messages.editChatDefaultBannedRights": ("Bad Request: CHAT_NOT_MODIFIED",),
    ERRORS + "messages.editInlineBotMessage": ("Bad Request: MESSAGE_ID_INVALID",),
    ISSUE + "zeroclaw-labs/zeroclaw/pull/8963": ("Bad Request: BOT_COMMANDS_TOO_MUCH",),
    ISSUE + "lnp2pBot/bot/issues/159": ("Forbidden: bot can't initiate conversation with a user",),
    ISSUE + "pengrad/java-telegram-bot-api, TelegramBotTest.java (run against Telegram)": (
        "Bad Request: member not found",
        "Bad Request: chat title is not modified",
    ),
    ISSUE + "tdlib/td, tdnet/td/net/HttpReader.cpp; github.com/tdlib/telegram-bot-api, HttpConnection.cpp": (
        "Request Entity Too Large",
        "Bad Request: can't parse JSON object",
        "Bad Request: expected Object in the request body",
        "Bad Request: strings must be encoded in UTF-8",
        "Bad Request: can't parse multipart/form-data",
    ),
    OURS: (
        r"Bad Request: bot (name|description|short description) is too long",
        "Bad Request: sticker must be a WEBP, TGS or WEBM file",
        "Bad Request: poll must close 5 to 2628000 seconds after it was sent",
        "Bad Request: expected an Array of correct option identifiers",
    ),
}
SOURCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), source) for source, patterns in _NAMED.items() for pattern in patterns
)


def source_of(description: str) -> str:
    """Where this refusal was seen.

    Raises:
        LookupError: nobody has looked yet.
    """
    for pattern, source in SOURCES:
        if pattern.fullmatch(description):
            return source
    raise LookupError(f"no source is named for {description!r}")
