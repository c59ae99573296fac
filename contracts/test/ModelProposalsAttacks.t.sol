// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {ProposalFixture} from "./ProposalFixture.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @dev Does what a token must not: takes a fee, refuses receivers, calls back before it moves anything.
contract HostileToken is ERC20 {
    uint256 public feeBps;
    address public refused;
    address public calledBack;
    bytes public callback;
    /// What the callback answered.
    bytes public answer;
    bool public answered;

    constructor() ERC20("Hostile", "HOST") {
        _mint(msg.sender, 1e24);
    }

    function takeFee(uint256 feeBps_) external {
        feeBps = feeBps_;
    }

    function refuse(address refused_) external {
        refused = refused_;
    }

    function callBack(address target, bytes calldata data) external {
        calledBack = target;
        callback = data;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(to != refused || to == address(0), "refused receiver");
        if (calledBack != address(0)) {
            address target = calledBack;
            calledBack = address(0);
            (answered, answer) = target.call(callback);
        }
        uint256 fee = from == address(0) ? 0 : value * feeBps / 10_000;
        super._update(from, to, value - fee);
        if (fee > 0) super._update(from, address(0xfee), fee);
    }
}

/// @dev A distributor that takes nothing.
contract RefusingDistributor {
    IERC20 public token;

    constructor(IERC20 token_) {
        token = token_;
    }

    function fund(uint128) external pure {
        revert("refused");
    }
}

contract ModelProposalsAttacksTest is ProposalFixture {
    HostileToken private hostile;

    function setUp() public {
        hostile = new HostileToken();
        _deployMarket(hostile);
    }

    function _requireGuarded() private view {
        vm.assertTrue(!hostile.answered(), "the callback got in");
        vm.assertEq(
            bytes32(bytes4(hostile.answer())),
            bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "for the right reason"
        );
    }

    function test_a_token_that_takes_a_fee_is_refused() public {
        hostile.takeFee(100);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.FeeOnTransfer.selector, 600, 594));
        _create(_new());
        hostile.takeFee(0);
        _create(_new());
    }

    function test_no_proposal_is_created_inside_another_so_one_payment_never_covers_two() public {
        hostile.callBack(address(market), abi.encodeCall(market.create, (_new())));
        _create(_new());
        _requireGuarded();
        vm.assertEq(market.proposalCount(), 1, "one proposal");
        vm.assertEq(token.balanceOf(address(market)), 600, "one bounty");
    }

    function test_a_proposal_without_its_money_cannot_be_cancelled_for_that_of_others() public {
        _create(_new());
        // The token itself proposes and, before it pays, withdraws what it was just credited.
        hostile.callBack(address(market), abi.encodeCall(market.withdraw, (STRANGER)));
        _create(_new());
        _requireGuarded();
        vm.assertEq(token.balanceOf(address(market)), 1200, "both bounties");
    }

    function test_withdraw_does_not_pay_twice_inside_its_own_transfer() public {
        uint256 id = _delivered();
        vm.prank(PROPOSER);
        market.release(id, 1);
        hostile.callBack(address(market), abi.encodeCall(market.withdraw, (STRANGER)));
        vm.prank(TRAINER);
        market.withdraw(TRAINER);
        _requireGuarded();
        vm.assertEq(token.balanceOf(TRAINER), 180, "once");
    }

    function test_the_contributors_are_not_funded_twice() public {
        uint256 id = _delivered();
        vm.prank(PROPOSER);
        market.release(id, 1);
        hostile.callBack(address(market), abi.encodeCall(market.fundContributors, ()));
        market.fundContributors();
        _requireGuarded();
        vm.assertEq(rewards.funded(), 20, "once");
    }

    function test_a_distributor_that_refuses_holds_up_nobody() public {
        rewards = RewardsDistributor(address(new RefusingDistributor(token)));
        _deployMarketOn(rewards);
        uint256 id = _delivered();
        vm.prank(PROPOSER);
        market.release(id, 1);
        vm.prank(TRAINER);
        market.withdraw(TRAINER);
        vm.expectRevert(bytes("refused"));
        market.fundContributors();
        vm.assertEq(market.contributorsPending(), 20, "still owed");
    }

    function test_a_receiver_that_the_token_refuses_blocks_nobody_and_can_be_paid_elsewhere() public {
        uint256 id = _delivered();
        hostile.refuse(TRAINER);
        vm.prank(PROPOSER);
        market.release(id, 1);
        _deliver(id, 0);
        vm.prank(PROPOSER);
        market.release(id, 0);
        vm.expectRevert(bytes("refused receiver"));
        vm.prank(TRAINER);
        market.withdraw(TRAINER);
        vm.prank(TRAINER);
        market.withdraw(RIVAL);
        vm.assertEq(token.balanceOf(RIVAL), 270, "paid elsewhere");
    }

    function test_a_false_share_holder_never_draws_the_bounty_of_another_proposal() public {
        uint256 id = _delivered();
        uint256 other = _create(_later30());
        vm.prank(PROPOSER);
        market.release(id, 1);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.UnknownMilestone.selector, id, 3));
        vm.prank(PROPOSER);
        market.release(id, 3);
        vm.warp(DEADLINE + 1);
        market.reclaim(id);
        vm.assertEq(market.proposalOf(other).locked, 600, "untouched");
        vm.assertEq(
            token.balanceOf(address(market)),
            600 + market.withdrawable(PROPOSER) + market.withdrawable(TRAINER) + market.contributorsPending(),
            "every token is owed to somebody"
        );
    }

    function _later30() private pure returns (IModelProposals.NewProposal memory p) {
        p = _new();
        p.deadline = DEADLINE + 30 days;
    }
}
