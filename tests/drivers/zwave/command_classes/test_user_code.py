from drivers.zwave.command_classes.user_code import AdminCodeReport, ExtendedUserCode, UserCodeReport, UsersNumberReport


def test_the_number_of_users_is_that_of_the_highest_version() -> None:
    assert UsersNumberReport(20).users == 20
    assert UsersNumberReport(255, 300).users == 300


def test_a_code_is_not_in_what_is_printed_of_a_command() -> None:
    for command in (UserCodeReport(1, 1, b"4711"), ExtendedUserCode(1, 1, b"4711"), AdminCodeReport(b"4711")):
        assert "4711" not in repr(command)
